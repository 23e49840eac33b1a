"""Checkpoints of flights, whole and forged."""

import numpy as np
import pytest
from tests.flight_cases import flown, small

from perigrid.base.errors import RunFolderError
from perigrid.ledger.record import RecordMark
from perigrid.sim.checkpoint import Checkpoints
from perigrid.sim.flight.build import build_flight
from perigrid.sim.flight.checkpoint import Head, restore, save
from perigrid.sim.flight.world import state_arrays

HEAD = Head(60.0, 3600.0, 10, 3)
MARK = RecordMark(4, 100, "head")


def test_a_state_comes_back_to_the_last_bit(tmp_path):
    scenario = small("hours=0.1")
    flight, _ = flown(scenario)
    kept = Checkpoints(tmp_path, "key")
    save(kept, 600.0, MARK, HEAD, flight.world)
    fresh = build_flight(scenario).world
    found = kept.newest()
    assert restore(found, fresh) == HEAD
    assert found.mark == MARK
    for name, array in state_arrays(flight.world).items():
        assert state_arrays(fresh)[name].tobytes() == array.tobytes()
        assert state_arrays(fresh)[name].flags.writeable


def test_a_checkpoint_of_another_flight_is_refused(tmp_path):
    kept = Checkpoints(tmp_path, "key")
    save(kept, 600.0, MARK, HEAD, build_flight(small("hours=0.1")).world)
    other = build_flight(small("hours=0.1", "jobs.count=7")).world
    before = other.jobs.tobytes()
    with pytest.raises(RunFolderError, match="laid out otherwise"):
        restore(kept.newest(), other)
    assert other.jobs.tobytes() == before


def test_indices_that_lead_elsewhere_are_refused(tmp_path):
    flight, _ = flown(small("hours=0.1"))
    flight.world.jobs["node"][3] = 10**9
    kept = Checkpoints(tmp_path, "key")
    save(kept, 600.0, MARK, HEAD, flight.world)
    fresh = build_flight(small("hours=0.1")).world
    with pytest.raises(RunFolderError, match=r"jobs\.node leads out of its table"):
        restore(kept.newest(), fresh)
    assert np.isfinite(fresh.sats["battery_j"]).all()
