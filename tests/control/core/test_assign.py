"""The planner on the compiled core: the moves of the Python one, decision by decision."""

from dataclasses import replace

import pytest
from tests.control.core.test_handle import COMPOSED, LOADED, assert_decides_alike, mission

from core_cases import compare, fly
from perigrid.base.architecture import ANY, Architecture
from perigrid.control.scheduling.planner import Planner


@pytest.fixture(scope="module")
def loaded():
    return mission("three-body", *LOADED, "scheduler=planner")


@pytest.fixture
def planned(monkeypatch):
    """How many moves the Python planner planned and made."""
    found = {"planned": 0, "moved": 0}
    plan, move = Planner._plan, Planner._move

    def _plan(self, answers, belief):
        planned = plan(self, answers, belief)
        found["planned"] += len(planned)
        return planned

    def _move(self, one, place, belief, lost):
        found["moved"] += self._planned.get(one.job.job_id) == place.node and lost == ()
        return move(self, one, place, belief, lost)

    monkeypatch.setattr(Planner, "_plan", _plan)
    monkeypatch.setattr(Planner, "_move", _move)
    return found


@pytest.mark.parametrize("name", ["orbital", "onboard", "hosted", "ground-anywhere"])
def test_a_loaded_mission_is_planned_alike(loaded, planned, name):
    assert_decides_alike(loaded, name)
    if name == "orbital":
        assert planned["planned"] >= planned["moved"] > 0


@pytest.mark.parametrize("composed", COMPOSED.values(), ids=COMPOSED)
def test_compositions_are_planned_alike(loaded, composed):
    own = (Architecture.of("composed", *composed),)
    scenario = replace(loaded.scenario, own_architectures=own)
    assert_decides_alike(replace(loaded, scenario=scenario), "composed")


def test_stages_that_may_not_leave_are_planned_alike(loaded):
    places = {"screen": ["origin", "satellite"], ANY: ["origin"]}
    own = (Architecture.of("composed", places, {ANY: ["crosslink", "downlink"]}),)
    scenario = replace(loaded.scenario, own_architectures=own)
    assert_decides_alike(replace(loaded, scenario=scenario), "composed")


def test_more_jobs_than_are_planned_together(loaded, planned, monkeypatch):
    for module in ("perigrid.control.scheduling.planner", "perigrid.control.core.build"):
        monkeypatch.setattr(f"{module}.MOST_JOBS", 3)
    assert_decides_alike(loaded, "orbital")
    assert planned["planned"] > 0


def test_imagers_that_compute_nothing_are_planned_alike():
    name = "imagers-and-data-centre"
    sets = ("hours=4", "scheduler=planner", "pipeline.classify.ops_per_pixel=2e9")
    assert_decides_alike(mission(name, *sets), "hosted")


def test_an_error_of_the_assignment_ends_the_run(loaded, monkeypatch):
    architecture = loaded.scenario.architecture("orbital")
    flown = fly(loaded.under(architecture), architecture)

    def fail(self, count):
        raise ValueError(count)

    monkeypatch.setattr("perigrid.control.core.assign.Assigner._assign", fail)
    with pytest.raises(ValueError, match=r"^[1-9]"):
        compare(loaded, architecture, flown)
