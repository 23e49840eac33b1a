"""Sums over blocks of steps, and their layout."""

import numpy as np
import pytest

from perigrid.engine import telemetry as module
from perigrid.engine.state import STATE_COLUMNS
from perigrid.engine.telemetry import TelemetrySums, steps_held, telemetry_frame


def held_of(world, steps):
    rng = np.random.default_rng(1)
    shape = (steps, world.fleet.n_satellites)
    return {name: rng.uniform(200.0, 360.0, shape) for name in STATE_COLUMNS}


def test_sums_do_not_depend_on_the_blocks(world):
    held, whole = held_of(world, 30), TelemetrySums(world.fleet, world.outlook.t_s)
    whole.add(held)
    parts = TelemetrySums(world.fleet, world.outlook.t_s)
    for first in range(0, 30, 7):
        parts.add({name: column[first : first + 7] for name, column in held.items()})
        again = TelemetrySums(world.fleet, world.outlook.t_s)
        again.restore(parts.state())
        parts = again
    assert parts.steps == whole.steps == 30
    for name in STATE_COLUMNS:
        assert parts.mean(name) == pytest.approx(held[name].mean(), rel=1e-13)
        assert parts.least(name) == whole.least(name) == held[name].min()
        assert parts.most(name) == whole.most(name) == held[name].max()
    buses = world.fleet.buses
    computer_k = held["computer_k"]
    outside = (computer_k > buses.limit_k) | (computer_k < buses.survival_min_k)
    seconds_s = (outside * np.diff(world.outlook.t_s)[:30, None]).sum()
    assert seconds_s > 0.0
    assert parts.outside_temperature_s == pytest.approx(seconds_s)


def test_rows_come_by_time_then_satellite(world):
    held = held_of(world, 4)
    frame = telemetry_frame(world.fleet, world.outlook, world.outlook.t_s, 5, held)
    n = world.fleet.n_satellites
    assert frame["t_s"].to_list() == np.repeat(world.outlook.t_s[6:10], n).tolist()
    assert frame["satellite"].to_list() == [*world.fleet.names[:n]] * 4
    assert frame["compute_w"].to_list() == held["compute_w"].ravel().tolist()
    assert frame["illumination"].to_list() == world.outlook.illumination[:, 6:10].T.ravel().tolist()


def test_a_step_of_a_large_fleet_is_held_whole(world, monkeypatch):
    monkeypatch.setattr(module, "ROWS_HELD", 3)
    n, steps = world.fleet.n_satellites, len(world.outlook.t_s) - 1
    assert steps_held(n, steps) == 1
    monkeypatch.setattr(module, "ROWS_HELD", 10**9)
    assert steps_held(n, steps) == steps
