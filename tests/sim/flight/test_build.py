"""From a scenario to the arrays of a flight."""

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.flight_cases import STORM, small

from perigrid.base.errors import ScenarioError
from perigrid.scenario.load import load_scenario
from perigrid.sim.flight.build import build_flight, longest_dark_s
from perigrid.sim.flight.world import Phase, Turn


def test_jobs_and_satellites_stand_ready():
    flight = build_flight(small())
    world = flight.world
    assert len(world.sats) == 48
    assert len(world.jobs) == 300
    assert (world.jobs["phase"] == Phase.PENDING).all()
    assert (np.diff(world.jobs["release_s"]) >= 0.0).all()
    assert (world.jobs["whole_s"] == world.jobs["work_s"]).all()
    assert world.con["base_w"][0] == 150.0 + 20.0 + 4 * 50.0
    assert (world.ends["line_bps"][48:] == 20e9).all()


def test_work_in_operations_becomes_seconds_on_the_fleet_s_computer():
    flight = build_flight(
        small("jobs.work_teraops=744", "jobs.efficiency=0.5", "jobs.work_spread=0")
    )
    assert flight.world.jobs["work_s"] == pytest.approx(2.0)


def test_saving_takes_time():
    storm = (*STORM, "recovery.checkpoints=fixed", "recovery.checkpoint_every_s=20",
             "recovery.save_s=2", "jobs.work_spread=0", "jobs.work_s=60")  # fmt: skip
    flight = build_flight(small(*storm))
    assert flight.world.jobs["whole_s"] == pytest.approx(64.0)
    assert flight.world.sats["save_every_s"] == pytest.approx(20.0)


def test_edges_of_faults_come_in_order_with_nodes_of_the_network():
    flight = build_flight(small(*STORM))
    faults = flight.world.faults
    assert (np.diff(faults["t_s"]) >= 0.0).all()
    ground = np.isin(faults["turn"], [Turn.CLOSE, Turn.OPEN])
    assert (faults["node"][ground] >= 48).all()
    assert (faults["node"][~ground] < 48).all()
    for begin, end in ((Turn.CRASH, Turn.RESTORE), (Turn.CLOSE, Turn.OPEN)):
        counts = [np.count_nonzero(faults["turn"] == one) for one in (begin, end)]
        assert counts[0] == counts[1] > 0


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        ("three-body", (), "asks for no compute jobs"),
        ("mega-constellation", ("groups.shell.computer=null",), "carry no computer"),
        ("mega-constellation", ("faults.from_radiation=true",), "along the orbit"),
    ],
)
def test_what_cannot_be_flown_is_said(name, changes, message):
    with pytest.raises(ScenarioError, match=message) as caught:
        build_flight(load_scenario(name, overrides=changes))
    assert caught.value.problems[0].remedy


def test_a_flight_has_one_group():
    scenario = small()
    second = replace(scenario.flown[0], name="second")
    with pytest.raises(ScenarioError, match="satellites of one group"):
        build_flight(replace(scenario, groups=(*scenario.groups, second)))


def test_the_longest_night_of_a_low_orbit():
    flight = build_flight(small("groups.shell.orbit.walker.altitude_km=550"))
    found_s = longest_dark_s(flight.scenario, flight.fleet)
    # Nearly circular: 95.6 min, of which the Earth hides asin(6378 / 6928) / pi.
    assert found_s == pytest.approx(
        95.6 * 60.0 * math.asin(6378.137 / 6928.137) / math.pi, rel=0.01
    )
