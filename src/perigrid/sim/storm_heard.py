"""Who could have heard what, counted again from windows, faults and the record of a run."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

import numpy as np

from perigrid.fleet.faults import FaultKind, FaultSchedule
from perigrid.fleet.model import ContactKind
from perigrid.sim.world import World

SLACK_S: Final = 1e-6
CHOSEN: Final = frozenset({"taken_up", "chosen", "answer_first"})
"""Words of moves to another satellite that is chosen by what is known of it."""
MOST_MOVES: Final = 8
"""Of a job between two reports; more is to and fro (assumed)."""
_EARTH: Final = -1
_STAYS: Final = (FaultKind.ACQUISITION, FaultKind.CORRUPTION)


def too_new(
    world: World, schedule: FaultSchedule, happened: Sequence[Mapping[str, Any]]
) -> list[str]:
    """Find satellites that were chosen by telemetry that nobody there could have heard.

    Parameters
    ----------
    world : World
        As flown. Of compute jobs, which have no windows, only that an age is one of a report is
        checked.
    schedule : FaultSchedule
        Of its faults: what is away sends nothing, nor passes anything on.
    happened : sequence of mapping
        Its record, from :func:`perigrid.sim.storm_record.told`.

    Returns
    -------
    list of str
        Empty if all is well.
    """
    reports = [t_s for t_s, event in _events(happened) if event["type"] == "StateReported"]
    known = _Known(world, schedule, reports)
    moves = [(t_s, one) for t_s, one in _actions(happened) if _is_choice(world, one)]
    doubts = [found for t_s, move in moves for found in known.doubts(t_s, move)]
    return [*doubts, *known.to_and_fro(_actions(happened))]


def _events(happened: Sequence[Mapping[str, Any]]) -> Iterator[tuple[float, Any]]:
    for entry in happened:
        for event in entry.get("events", ()):
            yield float(entry["t_s"]), event


def _actions(happened: Sequence[Mapping[str, Any]]) -> Iterator[tuple[float, Any]]:
    for entry in happened:
        for decision in entry.get("decisions", ()):
            yield float(entry["t_s"]), decision["action"]


def _is_choice(world: World, action: Mapping[str, Any]) -> bool:
    """Whether an action sends data to a satellite that was chosen by what is known of it."""
    to_satellite = 0 <= action.get("target", -1) < world.fleet.n_satellites
    return action["type"] == "Move" and to_satellite and action.get("why") in CHOSEN


class _Known:
    """What was connected to what at each report."""

    def __init__(self, world: World, schedule: FaultSchedule, reports: list[float]) -> None:
        self._world, self._schedule, self._reports = world, schedule, reports
        self.joined = cache(self._joined)

    def doubts(self, t_s: float, move: Mapping[str, Any]) -> Iterator[str]:
        """Say what is wrong with the age that a move tells."""
        k = bisect_right(self._reports, t_s) - 1
        if k < 0:
            return
        what, age_s = f"job {move['job_id']} at {t_s} s", float(move["age_s"])
        told = k if np.isnan(age_s) else self._report_at(t_s - age_s)
        if told is None:
            yield f"{what}: {age_s} s before there was no report"
        elif self._world.scenario.jobs is None and told > self._heard(k, move, own=told == k):
            yield f"{what}: its satellite's last report was not heard there"

    def to_and_fro(self, actions: Iterator[tuple[float, Any]]) -> Iterator[str]:
        """Say which jobs' data were sent on and on with nothing new heard."""
        moves = [(bisect_right(self._reports, t_s), one["job_id"]) for t_s, one in actions
                 if one["type"] == "Move"]  # fmt: skip
        for (_, job), count in Counter(moves).items():
            if count > MOST_MOVES:
                yield f"job {job} is sent {count} times between two reports"

    def _report_at(self, t_s: float) -> int | None:
        near = bisect_right(self._reports, t_s + SLACK_S) - 1
        return near if near >= 0 and abs(self._reports[near] - t_s) <= SLACK_S else None

    def _heard(self, k: int, move: Mapping[str, Any], *, own: bool) -> int:
        """Find the last report of a target that the source, or the ground, heard."""
        target, source = int(move["target"]), int(move["node"])
        if own and target in self.joined(k, source):
            return k
        while k > 0 and target not in self.joined(k, _EARTH):
            k -= 1
        return k  # the first is known to all

    def _joined(self, k: int, first: int) -> frozenset[int]:
        """All that a chain of open windows joins with a node at a report."""
        links, found, ways = self._links(self._reports[k]), {first}, [first]
        while ways:
            node = ways.pop()
            more = links.get(node, set()) - found
            found |= more
            ways += more
        return frozenset(found)

    def _links(self, t_s: float) -> dict[int, set[int]]:
        """Neighbours of each satellite, and of the Earth, over the windows that are open."""
        contacts, n = self._world.outlook.contacts, self._world.fleet.n_satellites
        links: dict[int, set[int]] = {}
        is_open = (contacts.t_start_s <= t_s) & (t_s < contacts.t_end_s)
        for row in np.flatnonzero(is_open).tolist():
            ends = int(contacts.source[row]), int(contacts.target[row])
            if any(self._away(node, t_s) for node in ends):
                continue
            across = contacts.kind[row] == ContactKind.CROSSLINK
            a, b = ends if across else (ends[0] if ends[0] < n else ends[1], _EARTH)
            links.setdefault(a, set()).add(b)
            links.setdefault(b, set()).add(a)
        return links

    def _away(self, node: int, t_s: float) -> bool:
        faults = self._schedule
        over = (faults.node == node) & (faults.t_start_s < t_s) & (t_s < faults.t_end_s)
        return bool((over & ~np.isin(faults.kind, _STAYS)).any())
