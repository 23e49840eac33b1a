"""Which place is best, and what is told of those that lost."""

from __future__ import annotations

import numpy as np

from perigrid.base.jobs import Cause
from perigrid.control.alternatives import MOST_NAMED
from perigrid.control.core.codes import Lost
from perigrid.control.core.forecast import NO_CAUSE
from perigrid.control.core.messages import CAUSES
from perigrid.control.core.places import IN
from perigrid.control.core.rules import facts_of
from perigrid.control.core.shared import Shared
from perigrid.control.core.state import RAW
from perigrid.control.core.ways import add_closed, add_other, count_other
from perigrid.physics.compiled import part

_NO_WAY_DOWN, _ANSWER_LATER = int(Lost.NO_WAY_DOWN), int(Lost.ANSWER_LATER)
_HOME_HEAT, _HOME_BATTERY, _HOME_TAKEN = (
    int(Lost.HOME_HEAT), int(Lost.HOME_BATTERY), int(Lost.HOME_TAKEN)
)  # fmt: skip
_HEAT = CAUSES.index(Cause.HEAT)
_MOST_NAMED = MOST_NAMED


@part
def best_place(c: Shared, home: int) -> int:
    """Choose the place of the least cost; where the pixels are before any other.

    Parameters
    ----------
    c : Shared
        With its list of places.
    home : int
        Row of the place where the pixels are, the first.

    Returns
    -------
    int
        Row of the best.
    """
    best = home
    for row in range(home + 1, c.con[0].places):
        place, least = c.places[row], c.places[best]
        if place.out != IN:
            continue
        if place.late < least.late or (place.late == least.late and place.cost < least.cost):
            best = row
        elif place.late == least.late and place.cost == least.cost and best != home:
            best = row if place.node < least.node else best
    return best


@part
def tell_lost(c: Shared, job: int, first: int, best: int) -> None:
    """Name the places that came nearest, count the others, and name those that rules close.

    Parameters
    ----------
    c : Shared
        With its list of places.
    job, first, best : int
        Which; row of the first place that is told of; row of the chosen one.
    """
    count = 0
    for row in range(first, c.con[0].places):
        c.places[row].told = row == best
        count += row != best
    named = count if count == _MOST_NAMED + 1 else min(count, _MOST_NAMED)
    for _ in range(named):
        _name_place(c, _nearest(c, first))
    group = c.filled[2]
    for row in range(first, c.con[0].places):
        if not c.places[row].told:
            why, number = _why_lost(c, row)
            count_other(c, group, why, number)
    facts = c.facts[facts_of(c, job, RAW)]
    add_closed(c, facts.first_satellite, facts.satellites)


@part
def _nearest(c: Shared, first: int) -> int:
    """Place with the earliest answer of those that are not told yet; of equals the first."""
    best = -1
    for row in range(first, c.con[0].places):
        if not c.places[row].told and (
            best < 0 or c.places[row].insight_s < c.places[best].insight_s
        ):
            best = row
    return best


@part
def _name_place(c: Shared, row: int) -> None:
    place = c.places[row]
    place.told = 1
    why, number = _why_lost(c, row)
    insight_s = np.nan if place.insight_s == np.inf else place.insight_s
    add_other(c, place.node, insight_s, why, number)


@part
def _why_lost(c: Shared, row: int) -> tuple[int, float]:
    """Code of why a place lost, and the number that stands in its words."""
    place = c.places[row]
    if place.out != IN:
        return int(place.out), np.nan
    if place.home == 0:
        return (_NO_WAY_DOWN if place.insight_s == np.inf else _ANSWER_LATER), np.nan
    until_s = np.nan if place.start_s == np.inf else place.start_s - c.con[0].t_s
    if place.cause == NO_CAUSE:
        return _HOME_TAKEN, until_s
    return (_HOME_HEAT if place.cause == _HEAT else _HOME_BATTERY), until_s
