"""Compiled code is old once any file that it was made from is."""

import os
import sys
from types import ModuleType

import pytest

from perigrid.physics import source_stamp as stamps
from perigrid.physics.source_stamp import source_stamp


def clear() -> None:
    stamps._imported.cache_clear()
    stamps._stamp.cache_clear()


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A kernel that takes a part, which takes a number."""
    texts = {
        "kernel": "import numpy\nfrom perigrid.stamped.part import grow\n",
        "part": "from perigrid.stamped.number import STEP\nfrom perigrid.stamped.none import A\n",
        "number": "from perigrid.stamped.kernel import run\nSTEP = 2\n",
    }
    for name, text in texts.items():
        file = tmp_path / f"{name}.py"
        file.write_text(text)
        module = ModuleType(name)
        module.__file__ = str(file)
        monkeypatch.setitem(sys.modules, f"perigrid.stamped.{name}", module)
    clear()
    yield {name: tmp_path / f"{name}.py" for name in texts}
    clear()


def test_all_that_is_imported_is_in_the_stamp(files):
    stamp = source_stamp(str(files["kernel"]))
    assert [name for name, _, _ in stamp] == sorted(file.name for file in files.values())


@pytest.mark.parametrize("name", ["kernel", "part", "number"])
def test_a_change_anywhere_changes_it(files, name):
    before = source_stamp(str(files["kernel"]))
    os.utime(files[name], ns=(1, 1))
    clear()
    assert source_stamp(str(files["kernel"])) != before


def test_what_cannot_be_read_has_no_stamp(tmp_path):
    assert source_stamp(str(tmp_path / "gone.py")) == ()
