"""The world before its first step."""

import numpy as np

from perigrid.base.architecture import ORBITAL
from perigrid.engine.build import fleet_state
from perigrid.engine.state import Clock, Count
from perigrid.fleet.state import initial_state
from tests.engine.plain import built


def test_satellites_computers_and_stations_stand_in_their_rows(world):
    w, fleet = built(world, ORBITAL), world.fleet
    n = fleet.n_satellites
    assert w.con[0]["satellites"] == n == len(w.sats)
    state, first = fleet_state(w, fleet), initial_state(fleet)
    for name in ("battery_j", "computer_k", "radiator_k", "storage_bytes", "initial_battery_j"):
        np.testing.assert_array_equal(getattr(state, name), getattr(first, name))
    assert w.nodes["slots"].sum() == len(w.running)
    for row in range(len(fleet.names)):
        computer = fleet.computer(row)
        assert (w.nodes[row]["kind"] < 0) == (computer is None)
        assert w.nodes[row]["slots"] == (0 if computer is None else computer.slots)
    for row, station in fleet.stations.items():
        assert w.nodes[row]["active_w"] == station.active_w
    for row, centre in fleet.data_centres.items():
        assert w.nodes[row]["pue"] == centre.pue
    slots = np.concatenate([
        np.arange(one["first_slot"], one["first_slot"] + one["slots"]) for one in w.nodes
    ])  # fmt: skip
    assert slots.tolist() == list(range(len(w.running))), "each slot is of one computer"


def test_observations_come_first_and_nothing_has_happened(world):
    w = built(world, ORBITAL)
    assert w.jobs["t_capture_s"].tolist() == [job.t_capture_s for job in world.jobs]
    assert w.counts[Count.ORDER] == len(world.jobs)
    assert np.isnan(w.jobs["t_end_s"]).all()
    assert not w.counts[Count.STEP] + w.counts[Count.QUEUED] + w.counts[Count.TAKEN]
    assert w.clock[Clock.PAUSE] == np.inf


def test_outcomes_of_stages_without_any_are_none(world):
    w, names = built(world, ORBITAL), world.scenario.pipeline.names
    for row, name in enumerate(names):
        found = world.outcomes.get(name)
        assert (
            np.isnan(w.outcomes[row]).all() if found is None else (w.outcomes[row] == found).all()
        )
