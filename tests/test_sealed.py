"""Files of the state that belong to no release: what is not as it was written counts as not there."""

from __future__ import annotations

from pathlib import Path

from builder.model.sealed import read_sealed, write_sealed


def test_what_was_damaged_exchanged_or_cut_off_is_nothing(tmp_path: Path) -> None:
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    # What was left where it is written is in nobody's way.
    one.with_name("one.json.new").mkdir()
    one.mkdir()
    write_sealed(one, b"first\nsecond")
    assert read_sealed(one) == b"first\nsecond"
    whole = one.read_bytes()
    other.write_bytes(whole)
    assert read_sealed(other) == b""
    for damaged in (whole + b"x", whole[:-1], whole.replace(b"\n", b" ", 1), b""):
        one.write_bytes(damaged)
        assert read_sealed(one) == b""
    assert read_sealed(tmp_path / "none.json") == b""
    assert sorted(each.name for each in tmp_path.iterdir()) == ["one.json", "other.json"]
