"""New scenarios from the library."""

from __future__ import annotations

import dataclasses
import os
import re
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
    ours, theirs = load_scenario(str(scenario)), load_scenario(name)
    assert dataclasses.replace(ours, source_path="") == dataclasses.replace(theirs, source_path="")
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


@pytest.mark.parametrize("name", library.names())
def test_the_next_step_fits_the_scenario(name):
    text = template.template_text(name)
    flies = load_scenario(name).jobs is not None
    assert f"#     perigrid {'fly' if flies else 'compare'} scenario.yaml\n" in text


def test_what_people_edit_of_a_satellite_stands_in_the_file_with_its_unit(tmp_path):
    scenario, _ = template.init(str(tmp_path))
    text = scenario.read_text()
    for key, unit in {
        "mass_kg": "kg", "area_m2": "m2", "capacity_wh": "Wh", "radiator_area_m2": "m2",
        "active_w": "W", "eirp_dbw": "dBW", "gsd_m": "m", "peak_tops": "Tops/s",
    }.items():  # fmt: skip
        assert re.search(rf"# .*\[{re.escape(unit)}\]\.\n +{key}: {{value: ", text), key
    edited = re.sub(r"capacity_wh: {value: 700, ", "capacity_wh: {value: 800, ", text)
    scenario.write_text(edited)
    (group,) = [one for one in load_scenario(str(scenario)).groups if one.role == "compute"]
    assert group.battery.capacity_j == 800 * 3600.0
