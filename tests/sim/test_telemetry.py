import numpy as np
import polars as pl

from perigrid.fleet.state import initial_state
from perigrid.sim.telemetry import Telemetry
from perigrid.sim.world import World


def test_rows_are_by_time_then_satellite(world: World) -> None:
    telemetry = Telemetry(world)
    n, steps = world.fleet.n_satellites, len(world.outlook.t_s) - 1
    state = initial_state(world.fleet)
    for step in range(steps):
        value = np.arange(n) + 1000.0 * step
        telemetry.add(step, state, value, value, value, np.ones(n))
    frame = telemetry.frame()
    assert frame.height == n * steps
    third = frame.filter(pl.col("t_s") == world.outlook.t_s[3])
    assert third["satellite"].to_list() == list(world.fleet.names[:n])
    assert third["compute_w"].to_list() == [2000.0 + k for k in range(n)]
    assert frame["battery_soc"].unique().to_list() == [world.fleet.satellites.battery.initial_soc]
    assert third["latitude_deg"].to_list() == np.degrees(world.outlook.latitude_rad[:, 3]).tolist()
