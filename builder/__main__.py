"""``python -m builder`` is the ``branchpress`` command."""

from builder.cli.commands import main

if __name__ == "__main__":
    raise SystemExit(main())
