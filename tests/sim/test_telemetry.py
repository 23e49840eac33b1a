import copy
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from perigrid.engine import telemetry as module
from perigrid.fleet.state import initial_state
from perigrid.sim.telemetry import Telemetry
from perigrid.sim.world import World


def fill(telemetry: Telemetry, world: World, steps: range) -> int:
    """Add steps whose values are known; answer the most rows that were in memory."""
    n, state, held = world.fleet.n_satellites, initial_state(world.fleet), 0
    for step in steps:
        value = np.arange(n) + 1000.0 * step
        telemetry.add(step, state, value, value, value, np.ones(n))
        held = max(held, telemetry.rows_held)
    return held


def test_rows_are_by_time_then_satellite(world: World, tmp_path: Path) -> None:
    telemetry = Telemetry(world, tmp_path / "work")
    n, steps = world.fleet.n_satellites, len(world.outlook.t_s) - 1
    fill(telemetry, world, range(steps))
    telemetry.finish(tmp_path / "telemetry.parquet")
    frame = pl.read_parquet(tmp_path / "telemetry.parquet")
    assert frame.height == n * steps
    third = frame.filter(pl.col("t_s") == world.outlook.t_s[3])
    assert third["satellite"].to_list() == list(world.fleet.names[:n])
    assert third["compute_w"].to_list() == [2000.0 + k for k in range(n)]
    assert frame["battery_soc"].unique().to_list() == [world.fleet.groups[0].battery.initial_soc]
    assert third["latitude_deg"].to_list() == np.degrees(world.outlook.latitude_rad[:, 3]).tolist()


def test_rows_in_memory_do_not_grow_with_the_run(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    n, steps = world.fleet.n_satellites, len(world.outlook.t_s) - 1
    monkeypatch.setattr(module, "ROWS_HELD", 7 * n + 1)
    for share in (4, 1):
        folder = tmp_path / str(share)
        telemetry = Telemetry(world, folder)
        assert fill(telemetry, world, range(steps // share)) <= 7 * n
        telemetry.finish(folder / "telemetry.parquet")
        assert pl.scan_parquet(folder / "telemetry.parquet").select(pl.len()).collect().item() == (
            n * (steps // share)
        )


def test_sums_over_parts_are_those_of_the_table(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ROWS_HELD", 5 * world.fleet.n_satellites)
    telemetry = Telemetry(world, tmp_path)
    fill(telemetry, world, range(len(world.outlook.t_s) - 1))
    telemetry.finish(tmp_path / "telemetry.parquet")
    column = pl.read_parquet(tmp_path / "telemetry.parquet")["compute_w"]
    assert telemetry.sums.mean("compute_w") == pytest.approx(column.mean(), rel=1e-14)
    assert telemetry.sums.least("compute_w") == column.min()
    assert telemetry.sums.most("compute_w") == column.max()
    assert telemetry.sums.outside_temperature_s == 0.0


def test_a_restored_telemetry_goes_on_as_if_nothing_had_happened(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ROWS_HELD", 5 * world.fleet.n_satellites)
    steps = len(world.outlook.t_s) - 1
    whole, broken = Telemetry(world, tmp_path / "a"), Telemetry(world, tmp_path / "b")
    fill(whole, world, range(steps))
    fill(broken, world, range(13))
    kept = copy.deepcopy(broken.state())
    fill(broken, world, range(13, 20))  # lost
    resumed = Telemetry(world, tmp_path / "b")
    resumed.restore(kept)
    fill(resumed, world, range(13, steps))
    for telemetry, name in ((whole, "a"), (resumed, "b")):
        telemetry.finish(tmp_path / f"{name}.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    assert whole.sums.mean("link_w") == resumed.sums.mean("link_w")
