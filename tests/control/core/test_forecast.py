"""Battery and heat ahead: what the core reckons with, beside the steps that the run will meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import core_cases
from core_cases import FLEET, report
from missions import COMPUTE, SCENARIO
from perigrid.base.architecture import ONBOARD
from perigrid.base.jobs import Cause
from perigrid.base.messages import StateReported
from perigrid.control.core.curves import HORIZON_S, STEP_S, rise_k
from perigrid.control.core.forecast import (
    COMPUTER,
    HEADROOM,
    NO_CAUSE,
    STORED,
    SURPLUS,
    commit_stage,
    earliest_start,
    heat_left_k,
)
from perigrid.control.core.messages import CAUSES
from perigrid.control.scheduling.base import Load
from perigrid.fleet.bus_steps import step_battery, step_heat
from perigrid.fleet.model import Outlook
from scheduling_cases import empty_outlook

WORK = Load(600.0, 360.0 * 600.0)
DARK_UNTIL_S = 3000.0
CAPACITY_J = COMPUTE.battery.capacity_j
LATER_S = 900.0
BATTERY, HEAT = (CAUSES.index(one) for one in (Cause.BATTERY, Cause.HEAT))
ON_TIME = 0.0, NO_CAUSE


def outlook(dark_until_s: float = DARK_UNTIL_S, dark_from_s: float = np.inf) -> Outlook:
    made = empty_outlook(FLEET)
    dark = (made.t_s < dark_until_s) | (made.t_s >= dark_from_s)
    return replace(made, array_w=np.where(dark, 0.0, made.array_w))


SUN = outlook(0.0)


class Ahead:
    """A controller's forecast, seen by the parts of the core as they are."""

    def __init__(self, ahead: Outlook, busy_s: float = 0.0, laser_w: float = 0.0) -> None:
        self.controller = core_cases.core(
            ONBOARD, outlook=replace(ahead), scenario=SCENARIO, scheduler="edf"
        )
        self.controller.belief.busy_until_s[:] = busy_s
        self.controller._core.laser_w[:] = laser_w
        self.rows: Any = self.controller._belief._rows
        self.take(WORK)

    def take(self, work: Load) -> None:
        """Ask about such a stage from now on."""
        thermal = COMPUTE.thermal
        constant_s = thermal.computer_heat_capacity_j_k / thermal.conductance_w_k
        radiator_j_k = thermal.radiator_heat_capacity_j_k
        rise = rise_k(work, thermal.conductance_w_k, constant_s, radiator_j_k)
        first = len(self.rows.curves)
        self.rows = self.rows._replace(curves=np.concatenate([self.rows.curves, rise]))
        self.load = SimpleNamespace(
            work_s=work.work_s, work_j=work.work_j, power_w=work.power_w,
            rise=first, steps=len(rise),
        )  # fmt: skip

    def hears(self, told: StateReported) -> Ahead:
        self.controller.handle([told])
        return self

    def start(self, node: int, t_s: float, reserved_j: float = 0.0) -> tuple[float, int]:
        return earliest_start(self.rows, node, t_s, self.load, reserved_j)

    def layer(self, which: int, node: int = 0) -> Any:
        return self.rows.ahead[which, node]

    def missing_w(self, node: int = 0) -> float:
        return float(self.rows.satellites[node].missing_w)

    def foreseen_j(self, t_s: float) -> list[float]:
        return [
            float(np.interp(t_s, self.rows.times_s, row))
            for row in self.rows.ahead[STORED, : FLEET.n_satellites]
        ]


def look(soc: float, computer_k: float = 290.0, busy_s: float = 0.0, laser_w: float = 0.0) -> Ahead:
    told = replace(report(FLEET, soc=soc), computer_k=(computer_k,) * FLEET.n_satellites)
    return Ahead(outlook(), busy_s, laser_w).hears(told)


def sunny(soc: float = 0.5) -> Ahead:
    return Ahead(SUN).hears(report(FLEET, soc=soc))


# ---------------------------------------------------------------------- what limits allow


def test_with_a_full_battery_a_job_starts_at_once() -> None:
    assert look(0.9).start(0, 100.0) == (100.0, NO_CAUSE)


def test_before_the_first_report_nothing_speaks_against_a_start() -> None:
    assert Ahead(outlook()).start(0, 5.0) == (5.0, NO_CAUSE)


def test_a_battery_that_would_meet_its_floor_in_the_dark_waits_for_light() -> None:
    idle_w = COMPUTE.bus_load_w + COMPUTE.computer.idle_w
    dark_share = idle_w * DARK_UNTIL_S / 0.96 / CAPACITY_J
    start_s, cause = look(0.3 + 0.02 + dark_share + 0.01).start(0, 100.0)
    assert cause == BATTERY
    assert DARK_UNTIL_S - 120.0 <= start_s <= DARK_UNTIL_S + 600.0


def test_commitments_use_up_what_is_left() -> None:
    view, causes = look(0.48), []
    for _ in range(8):
        causes.append(view.start(1, 0.0)[1])
        commit_stage(view.rows, 1, 0.0, view.load)
    assert causes[0] == NO_CAUSE
    assert causes[-1] == BATTERY
    assert view.start(2, 0.0) == ON_TIME, "other satellites are not touched"


def test_what_waits_before_is_kept_for_it() -> None:
    view = look(0.5)
    spare_j = float(view.layer(HEADROOM)[0]) * COMPUTE.battery.discharge_efficiency
    assert view.start(0, 0.0, spare_j - 1.5 * WORK.work_j)[1] == NO_CAUSE
    assert view.start(0, 0.0, spare_j - 0.5 * WORK.work_j)[1] == BATTERY


def test_work_already_given_out_counts() -> None:
    assert look(0.5).layer(HEADROOM)[0] > look(0.5, busy_s=1800.0).layer(HEADROOM)[0]


def test_laser_links_that_are_held_cost_headroom_and_warm_the_bus() -> None:
    without, held = look(0.9), look(0.9, laser_w=100.0)
    spent_j = 100.0 * DARK_UNTIL_S / COMPUTE.battery.discharge_efficiency
    saved_j = without.layer(HEADROOM)[0] - held.layer(HEADROOM)[0]
    assert saved_j == pytest.approx(spent_j, rel=0.05)
    assert held.layer(COMPUTER)[-1] > without.layer(COMPUTER)[-1] + 1.0


def test_a_hot_computer_waits_to_cool() -> None:
    hot = look(0.9, computer_k=COMPUTE.thermal.computer_throttle_k - 0.5)
    start_s, cause = hot.start(0, 0.0)
    assert cause == HEAT
    assert 0.0 < start_s < HORIZON_S


def test_beyond_the_horizon_nothing_is_known() -> None:
    assert look(0.31).start(0, HORIZON_S + 1.0) == (HORIZON_S + 1.0, NO_CAUSE)


def test_a_battery_lost_anyway_does_not_stop_work_in_sunlight() -> None:
    """Starved: no start spares the floor, so jobs run on what the array leaves over."""
    view = look(0.3)
    view.layer(HEADROOM)[:] = -1.0
    start_s, cause = view.start(0, 0.0)
    assert cause == BATTERY
    assert start_s == pytest.approx(DARK_UNTIL_S, abs=120.0)
    assert view.start(0, DARK_UNTIL_S + 200.0) == (DARK_UNTIL_S + 200.0, NO_CAUSE)


def test_sunlight_that_ends_under_a_stage_does_not_carry_it() -> None:
    view = look(0.3)
    view.layer(HEADROOM)[:], view.layer(SURPLUS)[:] = -1.0, 0.0
    assert view.start(0, 100.0) == (np.inf, BATTERY), "nothing fits"
    view.layer(SURPLUS)[:3] = 2.0 * WORK.power_w
    assert view.start(0, 0.0) == (np.inf, BATTERY)
    view.layer(SURPLUS)[:7] = 2.0 * WORK.power_w
    assert view.start(0, 0.0) == ON_TIME


def test_a_computer_that_never_cools_works_throttled_rather_than_never() -> None:
    view = look(0.9)
    view.layer(COMPUTER)[:] = COMPUTE.thermal.computer_throttle_k + 5.0
    assert view.start(0, 100.0) == (100.0, NO_CAUSE)


@pytest.mark.parametrize(("soc", "busy_s", "laser_w"), [(0.9, 0.0, 0.0), (0.4, 2000.0, 35.0)])
def test_the_flight_ahead_has_the_bits_of_the_fleets_steps(
    soc: float, busy_s: float, laser_w: float
) -> None:
    n, ahead, seen = FLEET.n_satellites, outlook(), look(soc, 330.0, busy_s, laser_w)
    extra_w = float(seen.rows.satellites[0].extra_w)
    stored_j, computer_k = np.full(n, soc * CAPACITY_J), np.full(n, 330.0)
    radiator_k = np.full(n, 285.0)
    for step, t_s in enumerate(seen.rows.times_s):
        assert seen.rows.ahead[STORED, :n, step].tobytes() == stored_j.tobytes()
        assert seen.rows.ahead[COMPUTER, :n, step].tobytes() == computer_k.tobytes()
        column = int(np.searchsorted(ahead.t_s, t_s, side="right")) - 1
        share = min(max((busy_s - t_s) / STEP_S, 0.0), 1.0)
        compute_w = np.full(n, COMPUTE.computer.idle_w + extra_w * share)
        other_w = np.full(n, COMPUTE.bus_load_w + laser_w)
        array_w, outside_w = ahead.array_w[:, column], ahead.environment_w[:, column]
        power = step_battery(COMPUTE, stored_j, array_w, other_w + compute_w, STEP_S)
        heat = step_heat(COMPUTE, computer_k, radiator_k, compute_w, outside_w + other_w, STEP_S)
        stored_j, computer_k, radiator_k = power.stored_j, heat.computer_k, heat.radiator_k


def test_heat_of_work_under_way_is_not_counted_twice() -> None:
    """What follows at once finds its computer warm, and keeps it warm rather than doubly warm."""
    busy_s, limit_k = 5 * STEP_S, COMPUTE.thermal.computer_throttle_k - 1.0
    view, followed = look(0.9, busy_s=busy_s), look(0.9, busy_s=busy_s + WORK.work_s)
    power_w = float(view.rows.satellites[0].extra_w)
    view.take(Load(WORK.work_s, power_w * WORK.work_s))
    foreseen_k = limit_k - heat_left_k(view.rows, 0, busy_s, view.load)
    truly_k = float(followed.layer(COMPUTER)[5:11].max())
    warm_k = float(view.layer(COMPUTER)[5:11].max())
    twice_k = warm_k + power_w / COMPUTE.thermal.conductance_w_k
    assert truly_k <= foreseen_k < truly_k + 0.5 * (twice_k - truly_k)


# ---------------------------------------------------------------------- what was wrong before


def later(battery_j: Sequence[float], t_s: float = LATER_S) -> StateReported:
    return replace(report(FLEET, t_s), battery_j=tuple(battery_j))


def stored_j(soc: float = 0.5) -> list[float]:
    return list(report(FLEET, soc=soc).battery_j)


def test_missing_power_is_measured_and_forgotten_when_the_sun_is_back() -> None:
    view = sunny()
    assert view.missing_w() == 0.0
    # a sunny forecast gains; this one lost a little (unchanged it would count as full)
    lost_j = [0.99 * one for one in stored_j()]
    view.hears(later(lost_j))
    assert view.missing_w() > 0.0
    fresh = Ahead(SUN).hears(later(lost_j))
    assert fresh.missing_w() == 0.0, "has no memory of what it was told"
    view.hears(later(fresh.foreseen_j(2 * LATER_S), 2 * LATER_S))
    assert view.missing_w() == 0.0


def test_energy_that_was_given_out_is_not_missed() -> None:
    view = sunny()
    for _ in range(4):
        commit_stage(view.rows, 0, 0.0, view.load)
    given_j = view.foreseen_j(300.0)
    given_j[0] -= 4 * WORK.work_j / COMPUTE.battery.discharge_efficiency
    view.hears(later(given_j, 300.0))
    assert view.missing_w() == 0.0


def test_a_distrusted_satellite_has_no_last_resort() -> None:
    view = sunny()
    view.layer(HEADROOM)[:] = -1.0
    assert view.start(0, 100.0)[1] == NO_CAUSE, "sunlight to spare"
    view.rows.satellites[0].missing_w = 50.0
    assert view.start(0, 100.0) == (np.inf, BATTERY)


def test_a_battery_that_stays_where_it_was_in_sunlight_is_full() -> None:
    view = sunny()
    assert view.layer(STORED).max() > stored_j()[0], "it should have charged"
    view.hears(later(stored_j()))
    assert view.missing_w() == 0.0
    assert view.layer(STORED).max() == pytest.approx(stored_j()[0])
    assert view.start(0, LATER_S) == (LATER_S, NO_CAUSE)


def test_what_a_full_battery_cannot_take_is_not_there_in_the_next_eclipse() -> None:
    view = Ahead(outlook(0.0, 2 * LATER_S)).hears(report(FLEET, soc=0.5))
    trusting_j = float(view.layer(HEADROOM)[0])
    view.hears(later(stored_j()))
    held_j = view.layer(STORED)
    assert held_j[0] > held_j[-1]
    assert view.layer(HEADROOM)[0] < trusting_j
    floor_j = CAPACITY_J * (COMPUTE.battery.min_soc + 0.02)
    assert view.layer(HEADROOM)[0] == pytest.approx(held_j[-1] - floor_j)
