"""All schedulers on one instance, each checked, beside a bound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from perigrid.base.errors import WorkError
from perigrid.control.planning.bound import Bound, upper_bound
from perigrid.control.planning.checker import faults
from perigrid.control.planning.instance import Instance, Schedule
from perigrid.control.planning.linear import linear_model
from perigrid.control.planning.lists import edf, fifo, lookahead
from perigrid.control.planning.planner import plan
from perigrid.control.planning.priced import price
from perigrid.control.planning.starts import possible_starts

PLANNERS: Final[dict[str, Callable[[Instance], Schedule]]] = {
    "fifo": fifo,
    "edf": edf,
    "price": price,
    "lookahead": lookahead,
    "lookahead, day known": lambda instance: lookahead(instance, instance.n_slots),
    "planner": lambda instance: plan(instance).schedule,
}
"""The list schedulers know the jobs released so far; the last two know the day's jobs."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What each scheduler reached on an instance.

    Parameters
    ----------
    bound : Bound
        What none can exceed.
    value : dict of str to float
        Worth of each scheduler's outputs; every schedule passed the checker.
    """

    bound: Bound
    value: dict[str, float]

    def share(self, name: str) -> float:
        """Say how much of the bound a scheduler reached.

        Parameters
        ----------
        name : str
            Of :data:`PLANNERS`.

        Returns
        -------
        float
            At most 1.
        """
        return self.bound.share(self.value[name])


def score(instance: Instance, names: tuple[str, ...] = (), kind: str | None = None) -> Scores:
    """Run schedulers on an instance, check what they give, and compare with a bound.

    Parameters
    ----------
    instance : Instance
        Satellites and jobs.
    names : tuple of str
        Which of :data:`PLANNERS`; all if empty.
    kind : str, optional
        Of the bound, as in :func:`~perigrid.control.planning.bound.upper_bound`.

    Returns
    -------
    Scores
        Values and bound.

    Raises
    ------
    WorkError
        If a schedule breaks a limit: then no score counts.
    """
    values = {}
    for name in names or tuple(PLANNERS):
        schedule = PLANNERS[name](instance)
        broken = faults(instance, schedule)
        if broken:
            raise WorkError(f"{name}: {len(broken)} limits are broken, first: {broken[0]}")
        values[name] = schedule.value(instance)
    return Scores(upper_bound(instance, kind), values)


@dataclass(frozen=True, slots=True)
class Exact:
    """The best schedule that an exact solver found.

    Parameters
    ----------
    schedule : Schedule
        It passes the checker.
    value, bound : float
        Its worth, and what the solver proved that none exceeds.
    """

    schedule: Schedule
    value: float
    bound: float

    @property
    def gap_share(self) -> float:
        """How far the bound lies above the value, as a share of the value."""
        return (self.bound - self.value) / self.value if self.value else 0.0


def optimum(instance: Instance, gap_share: float = 1e-4, nodes: int = 2000) -> Exact:
    """Solve a small instance exactly with HiGHS.

    Parameters
    ----------
    instance : Instance
        Some 20 satellites and 200 jobs at most, or it takes very long.
    gap_share : float
        Gap at which an optimum counts as proven.
    nodes : int
        Branch-and-bound nodes at most.

    Returns
    -------
    Exact
        Value and proven bound.

    Raises
    ------
    WorkError
        If HiGHS finds nothing, or something that the checker refuses.
    """
    model = linear_model(instance, possible_starts(instance))
    answer = milp(
        -model.value,
        constraints=LinearConstraint(model.matrix, model.low, model.high),
        bounds=Bounds(model.least, model.most),
        integrality=model.whole,
        options={"mip_rel_gap": gap_share, "node_limit": nodes},
    )
    if answer.x is None:
        raise WorkError(f"HiGHS found no schedule: {answer.message}")
    schedule = model.schedule(np.asarray(answer.x))
    broken = faults(instance, schedule)
    if broken:
        raise WorkError(f"HiGHS's schedule breaks a limit: {broken[0]}")
    return Exact(schedule, schedule.value(instance), float(-answer.mip_dual_bound))
