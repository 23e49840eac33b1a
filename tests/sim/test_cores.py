"""Decision cores of run folders; what a replay does with them stands in ``test_audit_replay``."""

import shutil

import pytest

from governed import comparison, study
from perigrid.base.errors import RunFolderError
from perigrid.ledger.source import open_source
from perigrid.sim.cores import Cores, pins_of, scenario_of


def run(name="orbital"):
    return open_source(comparison()).inside(name)


def test_the_scenario_in_the_folder_is_the_pinned_one():
    assert scenario_of(run()).digest == study().scenario.digest


def test_runs_of_one_scenario_share_fleet_outlook_and_world():
    cores, one, other = Cores(), run("onboard"), run("orbital")
    assert cores.of(one).fleet is cores.of(other).fleet
    assert cores.of(one).outlook is cores.of(other).outlook  # both may use lasers as planned
    assert cores.world(one, pins_of(one)) is cores.world(other, pins_of(other))


def test_a_folder_without_its_scenario_needs_one_given(tmp_path):
    folder = shutil.copytree(run().folder, tmp_path / "run")
    (folder / "scenario.json").unlink()
    with pytest.raises(RunFolderError, match=r"holds no scenario\.json"):
        Cores().of(open_source(folder))
    given = study().scenario
    assert Cores(given).of(open_source(folder)).scenario is given
