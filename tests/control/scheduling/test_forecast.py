from dataclasses import replace

import numpy as np
import pytest

from missions import COMPUTE, SCENARIO, with_group
from perigrid.base.jobs import Cause
from perigrid.base.messages import StateReported
from perigrid.control.scheduling.forecast import HORIZON_S, STEP_S, Forecast, Load, forecast
from perigrid.fleet.build import build_fleet
from perigrid.fleet.bus_steps import step_battery, step_heat
from perigrid.fleet.model import Fleet, Outlook
from perigrid.fleet.windows import no_contacts

WORK_S = 600.0
WORK_J = 360.0 * WORK_S
LOAD = Load(WORK_S, WORK_J)
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
    assert look(fleet, 0.9).earliest_start(0, 100.0, LOAD) == (100.0, None)


def test_a_battery_that_would_meet_its_floor_in_the_dark_waits_for_light(fleet: Fleet) -> None:
    idle_w = COMPUTE.bus_load_w + COMPUTE.computer.idle_w
    dark_share = idle_w * DARK_UNTIL_S / 0.96 / COMPUTE.battery.capacity_j
    start_s, cause = look(fleet, 0.3 + 0.02 + dark_share + 0.01).earliest_start(0, 100.0, LOAD)
    assert cause is Cause.BATTERY
    assert DARK_UNTIL_S - 120.0 <= start_s <= DARK_UNTIL_S + 600.0


def test_commitments_use_up_what_is_left(fleet: Fleet) -> None:
    view = look(fleet, 0.48)
    starts = []
    for _ in range(8):
        start_s, cause = view.earliest_start(1, 0.0, LOAD)
        starts.append(cause)
        view.commit(1, 0.0 if start_s is None else start_s, LOAD)
    assert starts[0] is None
    assert starts[-1] is Cause.BATTERY
    assert view.earliest_start(2, 0.0, LOAD) == (0.0, None), "other satellites are not touched"


def test_work_already_given_out_counts(fleet: Fleet) -> None:
    assert look(fleet, 0.5).headroom_j[0, 0] > look(fleet, 0.5, busy_s=1800.0).headroom_j[0, 0]


def test_laser_links_that_are_held_cost_headroom_and_warm_the_bus(fleet: Fleet) -> None:
    without, held = look(fleet, 0.9), look(fleet, 0.9, laser_w=100.0)
    spent_j = 100.0 * DARK_UNTIL_S / COMPUTE.battery.discharge_efficiency
    assert without.headroom_j[0, 0] - held.headroom_j[0, 0] == pytest.approx(spent_j, rel=0.05)
    assert held.computer_k[0, -1] > without.computer_k[0, -1] + 1.0


def test_a_hot_computer_waits_to_cool(fleet: Fleet) -> None:
    hot = look(fleet, 0.9, computer_k=COMPUTE.thermal.computer_throttle_k - 0.5)
    start_s, cause = hot.earliest_start(0, 0.0, LOAD)
    assert cause is Cause.HEAT
    assert 0.0 < start_s < HORIZON_S


def test_beyond_the_horizon_nothing_is_known(fleet: Fleet) -> None:
    view = look(fleet, 0.31)
    assert view.earliest_start(0, HORIZON_S + 1.0, LOAD) == (HORIZON_S + 1.0, None)


def test_a_battery_lost_anyway_does_not_stop_work_in_sunlight(fleet: Fleet) -> None:
    """Starved: no start spares the floor, so jobs run on what the array leaves over."""
    view = look(fleet, 0.3)
    view.headroom_j[:] = -1.0
    start_s, cause = view.earliest_start(0, 0.0, LOAD)
    assert cause is Cause.BATTERY
    assert start_s == pytest.approx(DARK_UNTIL_S, abs=120.0)
    assert view.earliest_start(0, DARK_UNTIL_S + 200.0, LOAD) == (DARK_UNTIL_S + 200.0, None)


def test_a_computer_that_never_cools_works_throttled_rather_than_never(fleet: Fleet) -> None:
    view = look(fleet, 0.9)
    view.computer_k[:] = COMPUTE.thermal.computer_throttle_k + 5.0
    assert view.earliest_start(0, 100.0, LOAD) == (100.0, None)


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
        assert seen.computer_k[:, step].tobytes() == computer_k.tobytes()
        column = int(np.searchsorted(ahead.t_s, t_s, side="right")) - 1
        share = min(max((busy_s - t_s) / STEP_S, 0.0), 1.0)
        compute_w = np.full(n, COMPUTE.computer.idle_w + WORK_J / WORK_S * share)
        other_w = np.full(n, COMPUTE.bus_load_w + laser_w)
        array_w, outside_w = ahead.array_w[:, column], ahead.environment_w[:, column]
        power = step_battery(COMPUTE, stored_j, array_w, other_w + compute_w, STEP_S)
        heat = step_heat(COMPUTE, computer_k, radiator_k, compute_w, outside_w + other_w, STEP_S)
        stored_j, computer_k, radiator_k = power.stored_j, heat.computer_k, heat.radiator_k


def test_heat_of_work_under_way_is_not_counted_twice(fleet: Fleet) -> None:
    """What follows at once finds its computer warm, and keeps it warm rather than doubly warm."""
    busy_s = 5 * STEP_S
    view = look(fleet, 0.9, busy_s=busy_s)
    followed = look(fleet, 0.9, busy_s=busy_s + WORK_S)
    limit_k = COMPUTE.thermal.computer_throttle_k - 1.0
    foreseen_k = limit_k - view.heat_left_k(0, busy_s, LOAD)
    truly_k = float(followed.computer_k[0, 5:11].max())
    twice_k = float(view.computer_k[0, 5:11].max()) + LOAD.power_w / COMPUTE.thermal.conductance_w_k
    assert truly_k <= foreseen_k < truly_k + 0.5 * (twice_k - truly_k)


def test_a_stage_that_was_committed_warms_and_cools_as_the_physics_says(fleet: Fleet) -> None:
    expected = look(fleet, 0.9, busy_s=WORK_S).computer_k[0] - look(fleet, 0.9).computer_k[0]
    view = look(fleet, 0.9)
    before_k = view.computer_k[0].copy()
    view.commit(0, 0.0, LOAD)
    rise_k = view.computer_k[0] - before_k
    assert expected.max() <= rise_k.max() <= 1.4 * expected.max(), "on the safe side"
    assert rise_k[-1] < 0.5 * rise_k.max()
    assert (view.computer_k[1] == before_k).all(), "other satellites are not touched"


def test_when_nothing_fits_no_start_is_named(fleet: Fleet) -> None:
    view = look(fleet, 0.3)
    view.headroom_j[:] = -1.0
    view.surplus_w[:] = 0.0
    assert view.earliest_start(0, 100.0, LOAD) == (None, Cause.BATTERY)


def test_sunlight_that_ends_under_a_stage_does_not_carry_it(fleet: Fleet) -> None:
    view = look(fleet, 0.3)
    view.headroom_j[:] = -1.0
    view.surplus_w[:] = 0.0
    view.surplus_w[0, :3] = 2.0 * LOAD.power_w
    assert view.earliest_start(0, 0.0, LOAD) == (None, Cause.BATTERY)
    view.surplus_w[0, :7] = 2.0 * LOAD.power_w
    assert view.earliest_start(0, 0.0, LOAD) == (0.0, None)


def test_what_waits_before_is_kept_for_it(fleet: Fleet) -> None:
    view = look(fleet, 0.5)
    spare_j = float(view.headroom_j[0, 0]) * COMPUTE.battery.discharge_efficiency
    assert view.earliest_start(0, 0.0, LOAD, spare_j - 1.5 * WORK_J)[1] is None
    assert view.earliest_start(0, 0.0, LOAD, spare_j - 0.5 * WORK_J)[1] is Cause.BATTERY
