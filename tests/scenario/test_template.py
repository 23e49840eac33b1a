"""New scenarios from the library."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from perigrid.base.errors import ScenarioError
from perigrid.scenario import library, template
from perigrid.scenario.load import load_scenario


def files(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


@pytest.mark.parametrize("name", library.names())
def test_a_template_loads_and_says_the_same_as_the_library(name, tmp_path):
    scenario, schema = template.init(str(tmp_path / "new" / "folder"), name)
    text = scenario.read_text()
    assert text.startswith(f"# yaml-language-server: $schema=./{schema.name}\n")
    assert load_scenario(str(scenario)).digest == load_scenario(name).digest
    assert files(scenario.parent) == sorted([schema.name, scenario.name])


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "scenario.yaml").write_text("mine")
    with pytest.raises(ScenarioError, match="is there already"):
        template.init(str(tmp_path))
    assert (tmp_path / "scenario.yaml").read_text() == "mine"
    assert files(tmp_path) == ["scenario.yaml"]


def test_an_unknown_template_makes_no_folder(tmp_path):
    with pytest.raises(ScenarioError, match="three-body"):
        template.init(str(tmp_path / "x"), "threebody")
    assert not files(tmp_path)


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ScenarioError, match="cannot be written"):
        template.init(str(tmp_path / "file" / "x"))


def test_a_failed_write_leaves_nothing(tmp_path, monkeypatch):
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ScenarioError, match="No space left"):
        template.init(str(tmp_path))
    assert not files(tmp_path)


def test_a_file_that_came_in_between_is_kept(tmp_path):
    (tmp_path / "a").write_text("theirs")
    with pytest.raises(FileExistsError):
        template.write_new(tmp_path / "a", "ours")
    assert (tmp_path / "a").read_text() == "theirs"
    assert files(tmp_path) == ["a"]
