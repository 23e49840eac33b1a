"""Checkpoints, whole and broken."""

import numpy as np
import pytest
from tests.flight_cases import flown, small

from perigrid.base.errors import RunFolderError
from perigrid.sim.flight.build import build_flight
from perigrid.sim.flight.checkpoint import CHECKPOINT, Head, read_head, restore, save
from perigrid.sim.flight.world import state_arrays

HEAD = Head("digest", "1", 60.0, 3600.0, 10, 3)


def test_a_state_comes_back_to_the_last_bit(tmp_path):
    scenario = small("hours=0.1")
    flight, _ = flown(scenario)
    save(tmp_path, HEAD, flight.world)
    fresh = build_flight(scenario).world
    restore(tmp_path, fresh)
    assert read_head(tmp_path) == HEAD
    for name, array in state_arrays(flight.world).items():
        assert state_arrays(fresh)[name].tobytes() == array.tobytes()
    assert [path.name for path in tmp_path.iterdir()] == [CHECKPOINT]


def test_what_is_missing_broken_or_of_another_flight_is_said(tmp_path):
    world = build_flight(small("hours=0.1")).world
    with pytest.raises(RunFolderError, match="cannot be read"):
        read_head(tmp_path)
    save(tmp_path, HEAD, world)
    with pytest.raises(RunFolderError, match="of another flight"):
        restore(tmp_path, build_flight(small("hours=0.1", "jobs.count=7")).world)
    place = tmp_path / CHECKPOINT
    whole = bytearray(place.read_bytes())
    whole[len(whole) // 2] ^= 255
    place.write_bytes(whole)
    with pytest.raises(RunFolderError, match=r"damaged|cannot be read"):
        restore(tmp_path, world)
    place.write_bytes(bytes(whole[: len(whole) // 2]))
    with pytest.raises(RunFolderError, match="cannot be read"):
        restore(tmp_path, world)
    assert np.isfinite(world.sats["battery_j"]).all()
