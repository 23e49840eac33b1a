"""Upper bounds on what any schedule of an instance can be worth, and which one it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import linprog

from perigrid.base.errors import WorkError
from perigrid.control.planning.instance import Instance
from perigrid.control.planning.linear import Model, linear_model
from perigrid.control.planning.prices import prove_bound
from perigrid.control.planning.starts import Starts, possible_starts

LINEAR: Final = "linear programme"
PRICES: Final = "prices"

LARGEST_LINEAR: Final = 40_000
"""Starts up to which the linear programme is solved; more take HiGHS minutes, not seconds."""


@dataclass(frozen=True, slots=True)
class Bound:
    """An upper bound.

    Parameters
    ----------
    value : float
        No schedule that can be flown is worth more.
    kind : str
        :data:`LINEAR` or :data:`PRICES`.
    starts, unpruned : int
        Starts it ranges over, and those that times alone would allow.
    """

    value: float
    kind: str
    starts: int
    unpruned: int

    def share(self, value: float) -> float:
        """Say how much of the bound a schedule reaches.

        Parameters
        ----------
        value : float
            The schedule's worth.

        Returns
        -------
        float
            1 if nothing is worth anything.
        """
        return value / self.value if self.value > 0.0 else 1.0


def upper_bound(instance: Instance, kind: str | None = None) -> Bound:
    """Bound the value of every schedule.

    Parameters
    ----------
    instance : Instance
        Satellites and jobs.
    kind : str, optional
        :data:`LINEAR` or :data:`PRICES`; by size if not given: prices need a fraction of the time
        and memory, and are a little looser.

    Returns
    -------
    Bound
        Valid whichever it is.

    Notes
    -----
    The linear programme drops only that jobs are whole. Starts whose battery or temperature would
    break a limit even alone are left out first (:func:`possible_starts`): without that, a
    programme may run a third of a job where no whole one can run, and its bound is of little use.
    """
    starts = possible_starts(instance)
    if kind is None:
        kind = LINEAR if len(starts) <= LARGEST_LINEAR else PRICES
    if kind == LINEAR:
        value = _linear_bound(instance, starts)
    else:
        value = prove_bound(instance, starts=starts).bound
    return Bound(value, kind, len(starts), starts.unpruned)


def _linear_bound(instance: Instance, starts: Starts) -> float:
    if len(starts) == 0:
        return 0.0
    return solve_relaxed(linear_model(instance, starts))


def solve_relaxed(model: Model) -> float:
    """Solve the linear programme without its whole numbers, with HiGHS.

    Parameters
    ----------
    model : Model
        The programme.

    Returns
    -------
    float
        Its optimum.

    Raises
    ------
    WorkError
        If HiGHS does not find it.
    """
    rows = model.matrix.tocsr()
    equal = model.low == model.high
    answer = linprog(
        -model.value,
        A_ub=rows[~equal],
        b_ub=model.high[~equal],
        A_eq=rows[equal],
        b_eq=model.high[equal],
        bounds=np.column_stack([model.least, model.most]),
        method="highs-ds",
    )
    if answer.status != 0:
        raise WorkError(f"HiGHS did not solve the linear programme: {answer.message}")
    return float(-answer.fun)
