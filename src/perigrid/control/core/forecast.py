"""Battery and heat of satellites simulated ahead, corrected by what the last forecast got wrong.

Each report is compared with what was forecast for it, less all energy given out since. If a battery
is lower by more than ``TOLERANCE``, the power that was missing is taken to be missing from then on:
a satellite that the outlook puts in sunlight and that is dark soon has no headroom, and takes no
more jobs. As soon as reports agree again it is trusted again. A battery that should have charged
and stayed where it was, above its floor, is taken to be full there: it holds less than it is said
to, and what the arrays give beyond is lost.
"""

from __future__ import annotations

import numpy as np

from perigrid.base.jobs import Cause
from perigrid.control.core.curves import STEP_S
from perigrid.control.core.messages import CAUSES, Table
from perigrid.control.core.shared import Shared, satellite_of
from perigrid.control.core.speed import takes_s
from perigrid.physics.compiled import part
from perigrid.physics.heat import two_node_advance
from perigrid.physics.power import battery_advance

NO_CAUSE = 255
TOLERANCE = 0.01
"""Share of a battery that a forecast may be wrong by before it is distrusted (assumed). [1]"""
LEVEL = 1e-3
"""Share of a battery by which its charge may move and still count as unchanged (assumed). [1]"""
_HEAT, _BATTERY = CAUSES.index(Cause.HEAT), CAUSES.index(Cause.BATTERY)
HEADROOM, STORED, COMPUTER, SURPLUS = 0, 1, 2, 3
"""Layers of the forecast."""
_STEP_S, _LEVEL, _TOLERANCE = STEP_S, LEVEL, TOLERANCE

# ------------------------------------------------------------------ looking ahead


@part
def look(c: Shared) -> None:
    """Simulate ahead again when a new report came."""
    con = c.con[0]
    if con.seen == con.reports:
        return
    if con.seen > 0 and con.told_s > con.seen_s:
        for row in range(con.n_satellites):
            _learn(c, row)
    else:
        for row in range(con.n_satellites):
            c.satellites[row].missing_w = 0.0
    for k in range(len(c.times_s)):
        c.times_s[k] = con.told_s + _STEP_S * k
        c.columns[k] = column_of(c, c.times_s[k])
    for row in range(con.n_satellites):
        me = c.satellites[row]
        simulate(c, row, c.told[0, row], c.told[1, row], c.told[2, row], me.busy_s)
        correct(c, row, me.missing_w, me.full_j, con.told_s)
        c.satellites[row].seen_j, c.satellites[row].given_j = c.told[0, row], 0.0
    con.seen, con.seen_s = con.reports, con.told_s


@part
def column_of(c: Shared, t_s: float) -> int:
    """Column of the outlook in which a time lies; the last is held beyond its end."""
    low, high = 0, len(c.outlook_s)
    while low < high:
        middle = (low + high) // 2
        if c.outlook_s[middle] <= t_s:
            low = middle + 1
        else:
            high = middle
    return int(min(max(low - 1, 0), c.array_w.shape[1] - 1))


@part
def _learn(c: Shared, row: int) -> None:
    """Find the power that a battery did not get since the last report, and whether it is full."""
    con, me, measured_j = c.con[0], c.satellites[row], c.told[0, row]
    passed_s = con.told_s - con.seen_s
    expected_j = _foreseen_j(c, row, con.told_s)
    # What was missing before is in the forecast already: put it back, to measure all of it.
    expected_j += me.missing_w * min(passed_s, c.times_s[len(c.times_s) - 1] - c.times_s[0])
    short_j = expected_j - me.given_j - measured_j
    allowed_j = _TOLERANCE * me.capacity_j
    still = abs(measured_j - me.seen_j) < _LEVEL * me.capacity_j
    short = short_j > allowed_j
    full = still and short and measured_j > me.capacity_j * me.min_soc + allowed_j
    me.full_j = measured_j if full else max(me.full_j, measured_j)
    me.missing_w = (short_j if short and not full else 0.0) / passed_s


@part
def _foreseen_j(c: Shared, row: int, t_s: float) -> float:
    """Battery that the last forecast has for a time."""
    times_s, last = c.times_s, len(c.times_s) - 1
    if t_s >= times_s[last]:
        return float(c.ahead[STORED, row, last])
    k = index_of(c, t_s)
    here_j = c.ahead[STORED, row, k]
    if times_s[k] == t_s:
        return float(here_j)
    slope_w = (c.ahead[STORED, row, k + 1] - here_j) / (times_s[k + 1] - times_s[k])
    return float(slope_w * (t_s - times_s[k]) + here_j)


@part
def simulate(
    c: Shared, row: int, stored_j: float, computer_k: float, radiator_k: float, busy_s: float
) -> None:
    """Fill in battery, temperature and surplus of a satellite with the work given out, no more.

    Parameters
    ----------
    c : Shared
        Its forecast is filled in.
    row : int
        Of what is known of the satellite.
    stored_j, computer_k, radiator_k : float
        At the last report [J], [K], [K].
    busy_s : float
        Until when it has work [s].
    """
    node = satellite_of(c, row)
    for k in range(len(c.times_s)):
        c.ahead[STORED, row, k], c.ahead[COMPUTER, row, k] = stored_j, computer_k
        column, share = c.columns[k], (busy_s - c.times_s[k]) / _STEP_S
        surplus_w, stored_j, computer_k, radiator_k = step(
            c, node, column, min(max(share, 0.0), 1.0), _STEP_S, stored_j, computer_k, radiator_k
        )
        c.ahead[SURPLUS, row, k] = surplus_w


@part
def step(
    c: Shared, node: int, column: int, share: float, dt_s: float, stored_j: float,
    computer_k: float, radiator_k: float,
) -> tuple[float, float, float, float]:  # fmt: skip
    """Step a satellite that computes for a share of a time.

    Parameters
    ----------
    c : Shared
        What is known.
    node, column : int
        Satellite, and column of the outlook.
    share, dt_s : float
        Share of the time at work [1], and the time [s].
    stored_j, computer_k, radiator_k : float
        Before it [J], [K], [K].

    Returns
    -------
    surplus_w : float
        That the array leaves over [W].
    stored_j, computer_k, radiator_k : float
        After it [J], [K], [K].
    """
    me = c.satellites[node]
    compute_w = me.idle_w + me.extra_w * share
    held_w = c.laser_w[node, min(column, c.laser_w.shape[1] - 1)]
    array_w, other_w = c.array_w[node, column], me.bus_w + held_w
    stored_j, _, _, _, _, _ = battery_advance(
        stored_j, array_w, other_w + compute_w, dt_s, me.capacity_j, me.battery_floor_j,
        me.charge_efficiency, me.discharge_efficiency, me.max_charge_w, me.max_discharge_w,
    )  # fmt: skip
    computer_k, radiator_k, _ = two_node_advance(
        computer_k, radiator_k, compute_w, c.environment_w[node, column] + other_w, dt_s,
        me.computer_j_k, me.radiator_j_k, me.conductance_w_k, me.emissivity, me.area_m2,
    )  # fmt: skip
    return array_w - me.bus_w - held_w - compute_w, stored_j, computer_k, radiator_k


@part
def correct(c: Shared, row: int, missing_w: float, full_j: float, since_s: float) -> None:
    """Leave out sunlight that did not come and what a full battery cannot take; sum headroom up.

    Parameters
    ----------
    c : Shared
        Its forecast is corrected.
    row : int
        Of what is known of the satellite.
    missing_w, full_j, since_s : float
        Power that is missing [W] since when [s], and what the battery was seen to hold [J].
    """
    me, most_j = c.satellites[satellite_of(c, row)], 0.0
    for k in range(len(c.times_s)):
        stored_j = c.ahead[STORED, row, k] - missing_w * (c.times_s[k] - since_s)
        most_j = max(most_j, max(stored_j - full_j, 0.0))
        c.ahead[STORED, row, k] = stored_j - most_j
        c.ahead[SURPLUS, row, k] -= missing_w
    least_j = np.inf
    for k in range(len(c.times_s) - 1, -1, -1):
        least_j = min(least_j, c.ahead[STORED, row, k] - me.floor_j)
        c.ahead[HEADROOM, row, k] = least_j


@part
def index_of(c: Shared, t_s: float) -> int:
    """Step of the forecast in which a time lies."""
    low, high = 0, len(c.times_s)
    while low < high:
        middle = (low + high) // 2
        if c.times_s[middle] <= t_s:
            low = middle + 1
        else:
            high = middle
    return max(low - 1, 0)


# ------------------------------------------------------------------ what a stage would meet


@part
def earliest_start(
    c: Shared, row: int, t_s: float, load: Table, reserved_j: float
) -> tuple[float, int]:
    """Find when a stage can start without breaking a limit now or later.

    Parameters
    ----------
    c : Shared
        What is known.
    row : int
        Of what is known of the satellite.
    t_s : float
        Not before [s].
    load : Table
        A row of costs.
    reserved_j : float
        What jobs that begin before it will take at the computer [J].

    Returns
    -------
    start_s : float
        Infinity if nothing fits within the horizon [s].
    cause : int
        What it waits for; :data:`NO_CAUSE` if it starts at once.
    """
    if c.con[0].seen == 0 or t_s > c.times_s[len(c.times_s) - 1]:
        start_s, cause = t_s, NO_CAUSE
    else:
        start_s, cause = _start(c, row, t_s, load, reserved_j)
        if cause == _HEAT and c.con[0].routed > 0:
            # Cooling down first must end it sooner than computing slowly does.
            slowly_s = t_s + takes_s(c, row, load.work_s)
            if slowly_s <= start_s + load.work_s:
                start_s, cause = t_s, NO_CAUSE
    distrusted = c.con[0].seen > 0 and _missing_w(c, row) > 0.0
    if cause == NO_CAUSE and distrusted and energy_left_j(c, row, t_s, load) < 0.0:
        # Not even the last resort of computing on forecast sunlight.
        return np.inf, _BATTERY
    return start_s, cause


@part
def _missing_w(c: Shared, row: int) -> float:
    node = satellite_of(c, row)
    return float(c.satellites[node].missing_w if row == node else c.heard[node].missing_w)


@part
def _start(c: Shared, row: int, t_s: float, load: Table, reserved_j: float) -> tuple[float, int]:
    first, steps, me = index_of(c, t_s), len(c.times_s), c.satellites[satellite_of(c, row)]
    needed_j = (load.work_j + reserved_j) / me.discharge_efficiency
    limit_k, some_energy = me.limit_k, False
    energy_now = c.ahead[HEADROOM, row, first] >= needed_j
    cause = _HEAT if energy_now else _BATTERY
    for k in range(first, steps):
        enough = c.ahead[HEADROOM, row, k] >= needed_j
        some_energy = some_energy or enough
        if enough and _hottest_k(c, row, k, load) <= limit_k:
            return _from(c, t_s, first, k, cause)
    # Waiting gains nothing then. A hot computer slows itself down; a battery that will meet its
    # floor anyway is spared by computing on sunlight that the bus leaves over.
    for k in range(first, steps):
        spare = c.ahead[HEADROOM, row, k] >= needed_j
        if not some_energy:
            spare = _least_surplus_w(c, row, k, load) >= load.power_w
        if spare:
            return _from(c, t_s, first, k, cause)
    return np.inf, cause


@part
def _from(c: Shared, t_s: float, first: int, k: int, cause: int) -> tuple[float, int]:
    if k == first:
        return t_s, NO_CAUSE
    return max(t_s, c.times_s[k]), cause


@part
def _hottest_k(c: Shared, row: int, first: int, load: Table) -> float:
    """How hot a computer gets during a stage that starts at a step."""
    last, hottest_k = len(c.times_s) - 1, -np.inf
    for k in range(load.steps):
        there_k = c.ahead[COMPUTER, row, min(first + k, last)] + c.curves[load.rise + k]
        hottest_k = max(hottest_k, there_k)
    return hottest_k


@part
def _least_surplus_w(c: Shared, row: int, first: int, load: Table) -> float:
    last, least_w = len(c.times_s) - 1, np.inf
    for k in range(load.steps):
        least_w = min(least_w, c.ahead[SURPLUS, row, min(first + k, last)])
    return least_w


@part
def energy_left_j(c: Shared, row: int, t_s: float, load: Table) -> float:
    """Say what a battery could still spare after one more stage; negative at its floor [J]."""
    drawn_j = load.work_j / c.satellites[satellite_of(c, row)].discharge_efficiency
    return float(c.ahead[HEADROOM, row, index_of(c, t_s)] - drawn_j)


@part
def heat_left_k(c: Shared, row: int, t_s: float, load: Table) -> float:
    """How far a satellite would stay below its limit with one more stage [K]."""
    limit_k = c.satellites[satellite_of(c, row)].limit_k
    return float(limit_k - _hottest_k(c, row, index_of(c, t_s), load))


@part
def commit_stage(c: Shared, node: int, t_s: float, load: Table) -> None:
    """Take the energy and heat of a stage that starts now out of what is left.

    Parameters
    ----------
    c : Shared
        Its forecast is changed.
    node : int
        Satellite.
    t_s : float
        Now [s].
    load : Table
        A row of costs.
    """
    if c.con[0].seen == 0:
        return
    me, first, steps = c.satellites[node], index_of(c, t_s), len(c.times_s)
    drawn_j = load.work_j / me.discharge_efficiency
    me.given_j += drawn_j
    for k in range(first, steps):
        c.ahead[HEADROOM, node, k] -= drawn_j
    warm = min(load.steps, steps - first)
    for k in range(warm):
        c.ahead[COMPUTER, node, first + k] += c.curves[load.rise + k]
    # The computer cools down to its radiator, which keeps the heat.
    kept_k = load.work_j / me.radiator_j_k
    over_k = c.curves[load.rise + load.steps - 1] - kept_k
    for k in range(warm, steps - first):
        c.ahead[COMPUTER, node, first + k] += kept_k + over_k * c.curves[me.fade + k - warm]
