"""No schedule of a flight is worth more than this: a bound by prices of compute time and energy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.fleet.model import Floats
from perigrid.physics.compiled import kernel

Longs = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_ROUNDS: Final = 150
_HOPE: Final = 0.2
_PATIENCE: Final = 8
_LEAST_GAIN: Final = 1.0e-4


@dataclass(frozen=True, slots=True)
class Demand:
    """Jobs as the bound sees them.

    Parameters
    ----------
    begin_s, end_s : (n,) float array
        Asked for, and last moment of use: the deadline or the end of the run [s].
    work_s, value : (n,) float array
        At full speed of one slot [s]; of an answer in time.
    possible : (n,) bool array
        False for jobs that miss even alone on an idle fleet.
    """

    begin_s: Floats
    end_s: Floats
    work_s: Floats
    value: Floats
    possible: Bools


@dataclass(frozen=True, slots=True)
class Bound:
    """An upper bound on the value of any schedule.

    Parameters
    ----------
    value : float
        The bound.
    kind : str
        What keeps it down: ``demand`` (all that is possible alone), ``compute`` or ``energy``.
    asked : float
        Value of all jobs.
    """

    value: float
    kind: str
    asked: float


def price_bound(
    demand: Demand, capacity_s: Floats, window_s: float, energy_s: float, rounds: int = _ROUNDS
) -> Bound:
    """Bound the value of all schedules by prices of compute time in each window and of energy.

    Parameters
    ----------
    demand : Demand
        Jobs.
    capacity_s : (n_windows,) float array
        Full-speed slot seconds of the whole fleet in each window [s].
    window_s : float
        Length of a window [s].
    energy_s : float
        Full-speed slot seconds that the energy of the whole run allows [s].
    rounds : int
        Improvements of the prices; each gives a valid bound and the least counts.

    Returns
    -------
    Bound
        Valid for any prices.

    Notes
    -----
    Take any schedule, and for each job ``j`` in it the full-speed seconds ``x[j, k]`` that it gets
    in window ``k``. A delivered job has ``sum_k x[j, k] >= w[j]``, all of it in windows that its
    life from request to deadline meets. The fleet gives at most ``C[k]`` in a window and ``E`` in
    all. For prices ``p[k], q >= 0`` therefore::

        sum of delivered v[j] <= sum_k p[k] C[k] + q E
                                 + sum_j max(0, v[j] - w[j] (q + min_k p[k]))

    with the minimum over the job's windows: each delivered job pays at least that for its work,
    and what all pay is at most ``p C + q E``. Where the data is, memory, models, heat, links and
    that a job runs on one satellite are left out, each of which only lowers what can be had. The
    prices are improved by subgradients; jobs that miss alone count nothing.
    """
    n_windows = len(capacity_s)
    first = np.clip(np.floor(demand.begin_s / window_s), 0, n_windows - 1).astype(np.int64)
    last = np.clip(np.ceil(demand.end_s / window_s) - 1, first, n_windows - 1).astype(np.int64)
    rows = np.flatnonzero(demand.possible)
    first, last = first[rows], last[rows]
    work_s, value = demand.work_s[rows], demand.value[rows]
    asked = float(demand.value.sum())
    price, energy_price = np.zeros(n_windows), 0.0
    used_s = np.empty(n_windows)
    best, kind, hope, stalled = float(value.sum()), "demand", _HOPE, 0
    for _ in range(rounds):
        gain = _gain(first, last, work_s, value, price, energy_price, used_s)
        total = gain + float(price @ capacity_s) + energy_price * energy_s
        stalled += 1
        if total < best:
            stalled = 0 if total < best * (1.0 - _LEAST_GAIN) else stalled
            best = total
            paid = energy_price * energy_s
            kind = "energy" if paid > float(price @ capacity_s) else "compute"
        if stalled > _PATIENCE:
            hope, stalled = 0.5 * hope, 0
        over, over_energy = used_s - capacity_s, float(used_s.sum()) - energy_s
        over = np.where((price > 0.0) | (over > 0.0), over, 0.0)
        over_energy = over_energy if energy_price > 0.0 or over_energy > 0.0 else 0.0
        length = float(over @ over) + over_energy * over_energy
        if length == 0.0:
            break
        # Polyak's step, towards a bound lower by a share that shrinks as improvements fail.
        step = (total - best * (1.0 - hope)) / length
        price = np.maximum(0.0, price + step * over)
        energy_price = max(0.0, energy_price + step * over_energy)
    return Bound(best, kind, asked)


@kernel
def _gain(
    first: Longs,
    last: Longs,
    work_s: Floats,
    value: Floats,
    price: Floats,
    energy_price: float,
    used_s: Floats,
) -> float:
    """Value above its price of all jobs worth theirs, and the work they want in each window."""
    used_s[:] = 0.0
    total = 0.0
    for j in range(len(work_s)):
        cheapest = first[j]
        for k in range(first[j] + 1, last[j] + 1):
            if price[k] < price[cheapest]:
                cheapest = k
        left = value[j] - work_s[j] * (energy_price + price[cheapest])
        if left > 0.0:
            total += left
            used_s[cheapest] += work_s[j]
    return total
