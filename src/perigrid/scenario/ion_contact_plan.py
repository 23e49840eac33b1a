"""Contact plans in the text format of ION, NASA's delay-tolerant networking software.

References
----------
.. [1] Jet Propulsion Laboratory, "ionrc - ION node management commands file", ION 4 manual pages,
   https://github.com/nasa-jpl/ION-DTN.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from perigrid.base.shown import printable
from perigrid.base.time import Epoch, calendar_date
from perigrid.base.units import BITS_PER_BYTE

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class IonContact:
    """A scheduled period of transmission, in one direction.

    Parameters
    ----------
    t_start_s, t_end_s : float
        Interval, after the plan's epoch [s].
    source, target : int
        Node numbers, from 1.
    rate_bps : float
        Data rate; the file says bytes a second [bit/s].
    confidence : float
        Estimated probability that it takes place, above 0, at most 1.
    """

    t_start_s: float
    t_end_s: float
    source: int
    target: int
    rate_bps: float
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class IonRange:
    """A period in which the one-way light time between two nodes stays the same.

    Parameters
    ----------
    t_start_s, t_end_s : float
        Interval, after the plan's epoch [s].
    source, target : int
        Node numbers. If ``source < target`` it holds both ways, unless a range the other way is
        given too.
    light_s : float
        One-way light time [s].
    """

    t_start_s: float
    t_end_s: float
    source: int
    target: int
    light_s: float


@dataclass(frozen=True, slots=True)
class IonPlan:
    """Contacts and ranges of a file.

    Parameters
    ----------
    contacts : tuple of IonContact
        In the file's order.
    ranges : tuple of IonRange
        In the file's order.
    epoch : Epoch or None
        What times count from; None if the file has relative times only, which count from whenever
        it is read.
    """

    contacts: tuple[IonContact, ...]
    ranges: tuple[IonRange, ...] = ()
    epoch: Epoch | None = None

    def light_times_s(self) -> tuple[float | None, ...]:
        """Find the light time of each contact.

        Returns
        -------
        tuple of float or None
            The longest range that overlaps the contact, so that nothing arrives too early; None if
            none does [s].
        """
        ranges: dict[tuple[int, int], list[IonRange]] = defaultdict(list)
        for one in self.ranges:
            ranges[one.source, one.target].append(one)
        longest = {pair: _LongestRange(found) for pair, found in ranges.items()}
        return tuple(_light_s(contact, longest) for contact in self.contacts)


def _light_s(contact: IonContact, longest: dict[tuple[int, int], _LongestRange]) -> float | None:
    """Light time of one contact."""
    ways = [(contact.source, contact.target)]
    if contact.source > contact.target:
        ways.append((contact.target, contact.source))
    for way in ways:
        if way in longest:
            light_s = longest[way].between(contact.t_start_s, contact.t_end_s)
            if light_s is not None:
                return light_s
    return None


class _LongestRange:
    """The longest of the ranges of a pair that overlap an interval, whatever their number.

    Between two instants at which a range begins or ends the longest one stays the same, and of
    2, 4, 8 .. such stretches side by side the longest is kept too.
    """

    def __init__(self, ranges: list[IonRange]) -> None:
        edges = {one.t_start_s for one in ranges} | {one.t_end_s for one in ranges}
        self.edges = np.array(sorted(edges))
        self.levels = [self._stretches(ranges)]
        while len(self.levels[-1]) > (width := 1 << (len(self.levels) - 1)):
            self.levels.append(np.maximum(self.levels[-1][:-width], self.levels[-1][width:]))

    def _stretches(self, ranges: list[IonRange]) -> Floats:
        """Longest range in each stretch between two edges, -inf where there is none."""
        light_s = np.full(len(self.edges) - 1, -np.inf)
        order = sorted(ranges, key=lambda one: one.t_start_s)
        open_now: list[tuple[float, float]] = []  # the longest first, with its end
        coming = 0
        for k, edge_s in enumerate(self.edges[:-1].tolist()):
            while coming < len(order) and order[coming].t_start_s <= edge_s:
                heapq.heappush(open_now, (-order[coming].light_s, order[coming].t_end_s))
                coming += 1
            while open_now and open_now[0][1] <= edge_s:
                heapq.heappop(open_now)
            if open_now:
                light_s[k] = -open_now[0][0]
        return light_s

    def between(self, t_start_s: float, t_end_s: float) -> float | None:
        """Longest light time in an interval; None if no range overlaps it."""
        first = max(0, int(np.searchsorted(self.edges, t_start_s, side="right")) - 1)
        last = min(len(self.edges) - 1, int(np.searchsorted(self.edges, t_end_s, side="left")))
        if last <= first:
            return None
        level = (last - first).bit_length() - 1
        found = self.levels[level]
        light_s = float(max(found[first], found[last - (1 << level)]))
        return light_s if np.isfinite(light_s) else None


def write_ion(plan: IonPlan, comments: tuple[str, ...] = ()) -> str:
    """Write a contact plan that reads back the same.

    Parameters
    ----------
    plan : IonPlan
        No time may precede its epoch; an epoch is a whole second.
    comments : tuple of str
        Lines for the head of the file, without ``#``; a line end in one is written out, for what
        follows it would be read as a command.

    Returns
    -------
    str
        The epoch as reference time, then one line per contact and range with relative times.
    """
    lines = [f"# {printable(comment)}" for comment in comments]
    if plan.epoch is not None:
        lines.append(f"@ {_stamp(plan.epoch)}")
    for one in plan.contacts:
        words = [_plain(one.rate_bps / BITS_PER_BYTE)]
        words += [] if one.confidence == 1.0 else [_plain(one.confidence)]
        lines.append(_line("contact", one, *words))
    lines += [_line("range", one, _plain(one.light_s)) for one in plan.ranges]
    return "\n".join(lines) + "\n"


def _line(kind: str, one: IonContact | IonRange, *words: str) -> str:
    start, end = _plain(one.t_start_s), _plain(one.t_end_s)
    return " ".join(["a", kind, f"+{start}", f"+{end}", str(one.source), str(one.target), *words])


def _plain(number: float) -> str:
    """Shortest digits that read back the same, without an exponent."""
    return np.format_float_positional(number, trim="-")


def _stamp(epoch: Epoch) -> str:
    year, month, day = calendar_date(epoch.jd_midnight)
    return f"{year:04d}/{month:02d}/{day:02d}-{epoch.clock(0.0)}"
