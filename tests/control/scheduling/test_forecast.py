from dataclasses import replace

import numpy as np
import pytest

from missions import COMPUTE, SCENARIO, with_group
from perigrid.base.jobs import Cause
from perigrid.base.messages import StateReported
from perigrid.control.scheduling.forecast import HORIZON_S, STEP_S, Forecast, forecast
from perigrid.fleet.build import build_fleet
from perigrid.fleet.bus_steps import step_battery, step_heat
from perigrid.fleet.model import Fleet, Outlook
from perigrid.fleet.windows import no_contacts

WORK_S = 600.0
WORK_J = 360.0 * WORK_S
DARK_UNTIL_S = 3000.0


@pytest.fixture
def fleet() -> Fleet:
    return build_fleet(with_group(SCENARIO, "relay", orbit=replace(COMPUTE.orbit, satellites=1)))


def outlook(n: int) -> Outlook:
    """Dark at first, then bright."""
    t_s = np.arange(0.0, 14_400.0 + 60.0, 60.0)
    shape = (n, len(t_s))
    bright = np.where(t_s < DARK_UNTIL_S, 0.0, 1500.0)
    return Outlook(
        t_s=t_s,
        illumination=np.ones(shape),
        array_w=np.broadcast_to(bright, shape).copy(),
        environment_w=np.full(shape, 100.0),
        latitude_rad=np.zeros(shape),
        longitude_rad=np.zeros(shape),
        altitude_m=np.full(shape, 5e5),
        contacts=no_contacts(),
    )


def look(
    fleet: Fleet, soc: float, computer_k: float = 290.0, busy_s: float = 0.0, laser_w: float = 0.0
) -> Forecast:
    n = fleet.n_satellites
    report = StateReported(
        0.0,
        (soc * COMPUTE.battery.capacity_j,) * n,
        (computer_k,) * n,
        (280.0,) * n,
        (0.0,) * n,
    )
    ahead = outlook(n)
    held_w = np.full((n, len(ahead.t_s) - 1), laser_w)
    return forecast(report, fleet, ahead, np.full(n, busy_s), WORK_S, WORK_J, held_w)


def test_with_a_full_battery_a_job_starts_at_once(fleet: Fleet) -> None:
    assert look(fleet, 0.9).earliest_start(0, 100.0) == (100.0, None)


def test_a_battery_that_would_meet_its_floor_in_the_dark_waits_for_light(fleet: Fleet) -> None:
    idle_w = COMPUTE.bus_load_w + COMPUTE.computer.idle_w
    dark_share = idle_w * DARK_UNTIL_S / 0.96 / COMPUTE.battery.capacity_j
    start_s, cause = look(fleet, 0.3 + 0.02 + dark_share + 0.01).earliest_start(0, 100.0)
    assert cause is Cause.BATTERY
    assert DARK_UNTIL_S - 120.0 <= start_s <= DARK_UNTIL_S + 600.0


def test_commitments_use_up_what_is_left(fleet: Fleet) -> None:
    view = look(fleet, 0.48)
    starts = []
    for _ in range(8):
        start_s, cause = view.earliest_start(1, 0.0)
        starts.append(cause)
        view.commit(1, start_s)
    assert starts[0] is None
    assert starts[-1] is Cause.BATTERY
    assert view.earliest_start(2, 0.0) == (0.0, None), "other satellites are not touched"


def test_work_already_given_out_counts(fleet: Fleet) -> None:
    assert look(fleet, 0.5).headroom_j[0, 0] > look(fleet, 0.5, busy_s=1800.0).headroom_j[0, 0]


def test_laser_links_that_are_held_cost_headroom_and_warm_the_bus(fleet: Fleet) -> None:
    without, held = look(fleet, 0.9), look(fleet, 0.9, laser_w=100.0)
    spent_j = 100.0 * DARK_UNTIL_S / COMPUTE.battery.discharge_efficiency
    assert without.headroom_j[0, 0] - held.headroom_j[0, 0] == pytest.approx(spent_j, rel=0.05)
    assert held.peak_k[0, -1] > without.peak_k[0, -1] + 1.0


def test_a_hot_computer_waits_to_cool(fleet: Fleet) -> None:
    hot = look(fleet, 0.9, computer_k=COMPUTE.thermal.computer_throttle_k - 2.0)
    start_s, cause = hot.earliest_start(0, 0.0)
    assert cause is Cause.HEAT
    assert 0.0 < start_s < HORIZON_S


def test_beyond_the_horizon_nothing_is_known(fleet: Fleet) -> None:
    view = look(fleet, 0.31)
    assert view.earliest_start(0, HORIZON_S + 1.0) == (HORIZON_S + 1.0, None)


def test_a_battery_lost_anyway_does_not_stop_work_in_sunlight(fleet: Fleet) -> None:
    """Starved: no start spares the floor, so jobs run on what the array leaves over."""
    view = look(fleet, 0.3)
    view.headroom_j[:] = -1.0
    start_s, cause = view.earliest_start(0, 0.0)
    assert cause is Cause.BATTERY
    assert start_s == pytest.approx(DARK_UNTIL_S, abs=120.0)
    assert view.earliest_start(0, DARK_UNTIL_S + 200.0) == (DARK_UNTIL_S + 200.0, None)


def test_a_computer_that_never_cools_works_throttled_rather_than_never(fleet: Fleet) -> None:
    view = look(fleet, 0.9)
    view.peak_k[:] = COMPUTE.thermal.computer_throttle_k + 5.0
    assert view.earliest_start(0, 100.0) == (100.0, None)


@pytest.mark.parametrize(("soc", "busy_s", "laser_w"), [(0.9, 0.0, 0.0), (0.4, 2000.0, 35.0)])
def test_the_flight_ahead_has_the_bits_of_the_fleets_steps(
    fleet: Fleet, soc: float, busy_s: float, laser_w: float
) -> None:
    n = fleet.n_satellites
    seen, ahead = look(fleet, soc, 330.0, busy_s, laser_w), outlook(n)
    stored_j, computer_k = np.full(n, soc * COMPUTE.battery.capacity_j), np.full(n, 330.0)
    radiator_k = np.full(n, 280.0)
    for step, t_s in enumerate(seen.t_s):
        assert seen.battery_j[:, step].tobytes() == stored_j.tobytes()
        assert seen.peak_k[:, step].tobytes() == computer_k.tobytes()
        column = int(np.searchsorted(ahead.t_s, t_s, side="right")) - 1
        share = min(max((busy_s - t_s) / STEP_S, 0.0), 1.0)
        compute_w = np.full(n, COMPUTE.computer.idle_w + WORK_J / WORK_S * share)
        other_w = np.full(n, COMPUTE.bus_load_w + laser_w)
        array_w, outside_w = ahead.array_w[:, column], ahead.environment_w[:, column]
        power = step_battery(COMPUTE, stored_j, array_w, other_w + compute_w, STEP_S)
        heat = step_heat(COMPUTE, computer_k, radiator_k, compute_w, outside_w + other_w, STEP_S)
        stored_j, computer_k, radiator_k = power.stored_j, heat.computer_k, heat.radiator_k
