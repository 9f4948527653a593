# One command builds every site, one proves that it works. `make help` lists the rest.
SHELL := /bin/sh
.DEFAULT_GOAL := site
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
  if command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11, 5))' 2>/dev/null; then echo $$p; break; fi; done)
RUN := .venv/bin
STAMP := .venv/.installed
TEST_STAMP := .venv/.installed-tests
ARGS ?=
# One more than there are processors: some tests wait, for a browser, for a deadline that passes.
WORKERS = $$(( $$(getconf _NPROCESSORS_ONLN) + 1 ))
QUIET := --quiet --disable-pip-version-check --progress-bar off
PIN := --quiet --strip-extras --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-find-links --no-header

.PHONY: site test test-fast lint check forms messages schemas guide lock clean help

# make ends with 2 whatever a command ends with. So it fails only where nothing was built, or --strict asks for it: with status 1
# all is published but what has a mistake. For the status itself call .venv/bin/branchpress build.
site: $(STAMP) ## Build content/ into sites/; fails only if nothing could be built, or with ARGS=--strict
	@"$(RUN)/branchpress" build $(ARGS) || { [ $$? = 1 ] && [ -z "$(findstring --strict,$(ARGS))" ]; }

test: $(TEST_STAMP) lint ## Lint, type check and every test; brings a browser for its tests
	@"$(RUN)/python" tests/chromium.py
	@"$(RUN)/python" tests/servers.py
	@"$(RUN)/python" tests/forms.py
	@"$(RUN)/python" tests/decap.py
	@"$(RUN)/python" -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

test-fast: $(TEST_STAMP) ## The tests that need neither a browser nor patience
	@"$(RUN)/python" -m pytest -n auto --dist worksteal -m "not slow and not browser" $(ARGS)

lint: $(TEST_STAMP) ## Style, format, types and dead code
	@"$(RUN)/ruff" check .
	@"$(RUN)/ruff" format --check --quiet .
	@"$(RUN)/mypy" --no-error-summary
	@grep -rhoE '\.[a-z_]+' theme --include='*.html' | sort -u | sed 's/\.\(.*\)/getattr(page, "\1")/' > .venv/names_in_templates.py
	@"$(RUN)/vulture" builder .venv/names_in_templates.py

check: $(STAMP) ## Report every problem of the content, build nothing
	@"$(RUN)/branchpress" check $(ARGS)

forms: ## Build the form for branchpress edit; needs Node.js 20 and npm
	@command -v npm >/dev/null 2>&1 || { echo "make forms needs Node.js 20 and npm. / make forms 需要 Node.js 20 和 npm。"; exit 1; }
	@cd builder/edit/forms && npm ci --ignore-scripts --no-audit --no-fund --silent && npm run build --silent

messages: $(TEST_STAMP) ## Bring the translation catalogues up to date
	@"$(RUN)/python" -m builder.messages.update

schemas: $(STAMP) ## Bring the editor's JSON Schemas up to date
	@for kind in organization branch event letter voice; do "$(RUN)/branchpress" schema $$kind > .vscode/schemas/$$kind.json; done

guide: $(STAMP) ## Bring the demo's guide up to date
	@rm -f content/hub/guide/*.md
	@"$(RUN)/branchpress" new guide > /dev/null

lock: $(STAMP) ## Pin everything that pyproject.toml names, with hashes
	@"$(RUN)/python" -m pip install -q pip-tools
	@"$(RUN)/pip-compile" $(PIN) --all-extras --output-file requirements-test.lock pyproject.toml
	@sed -e 's/ *\\$$//' -e '/--hash/d' -e '/^ *#/d' requirements-test.lock > .venv/pins.txt
	@"$(RUN)/pip-compile" $(PIN) --extra build -c .venv/pins.txt --output-file requirements.lock pyproject.toml
	@sed -i.old '/^    #   -c /d' requirements.lock && rm requirements.lock.old

clean: ## Remove what was built and installed; the last good versions go too
	@rm -rf .venv .branchpress .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find sites -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Branchpress needs Python 3.11.5 or newer; none was found. / 需要 Python 3.11.5 或更新的版本，没有找到。"; exit 1; }
	@test -x "$(RUN)/python" || "$(PYTHON)" -m venv .venv
	@echo "Installing what is pinned in requirements.lock …"
	@"$(RUN)/python" -m pip install $(QUIET) --require-hashes -r requirements.lock
	@"$(RUN)/python" -m pip install $(QUIET) --no-deps --no-build-isolation -e .
	@touch "$(STAMP)"

$(TEST_STAMP): $(STAMP) requirements-test.lock
	@echo "Installing what the tests need, pinned in requirements-test.lock …"
	@"$(RUN)/python" -m pip install $(QUIET) --require-hashes -r requirements-test.lock
	@touch "$(TEST_STAMP)"
