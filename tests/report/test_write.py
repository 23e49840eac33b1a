"""Writing one file whole or not at all."""

import pytest

from perigrid.base.errors import RunFolderError
from perigrid.report.write import write_text


def test_replaces_what_was_there_and_leaves_nothing_beside_it(tmp_path):
    place = tmp_path / "page.html"
    write_text(place, "one")
    write_text(place, "two\n")
    assert place.read_bytes() == b"two\n"
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
    assert place.stat().st_mode & 0o044


def test_a_failure_keeps_the_old_file(tmp_path, monkeypatch):
    place = tmp_path / "page.html"
    write_text(place, "old")

    def fail(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", fail)
    with pytest.raises(OSError, match="No space"):
        write_text(place, "new")
    assert place.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


@pytest.mark.parametrize("name", ["missing/page.html", "."])
def test_a_bad_place_is_named(tmp_path, name):
    with pytest.raises(RunFolderError, match="cannot be written"):
        write_text(tmp_path / name, "text")
