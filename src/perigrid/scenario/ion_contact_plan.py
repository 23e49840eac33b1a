"""Contact plans in the text format of ION, NASA's delay-tolerant networking software.

References
----------
.. [1] Jet Propulsion Laboratory, "ionrc - ION node management commands file", ION 4 manual pages,
   https://github.com/nasa-jpl/ION-DTN.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from perigrid.base.time import Epoch, calendar_date
from perigrid.base.units import BITS_PER_BYTE


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
        by_pair: dict[tuple[int, int], list[IonRange]] = defaultdict(list)
        for one in self.ranges:
            by_pair[one.source, one.target].append(one)
        return tuple(_light_s(contact, by_pair) for contact in self.contacts)


def _light_s(contact: IonContact, by_pair: dict[tuple[int, int], list[IonRange]]) -> float | None:
    """Light time of one contact."""
    ways = [(contact.source, contact.target)]
    if contact.source > contact.target:
        ways.append((contact.target, contact.source))
    for way in ways:
        lights_s = [
            one.light_s
            for one in by_pair.get(way, ())
            if one.t_start_s < contact.t_end_s and contact.t_start_s < one.t_end_s
        ]
        if lights_s:
            return max(lights_s)
    return None


def write_ion(plan: IonPlan, comments: tuple[str, ...] = ()) -> str:
    """Write a contact plan that reads back the same.

    Parameters
    ----------
    plan : IonPlan
        No time may precede its epoch; an epoch is a whole second.
    comments : tuple of str
        Lines for the head of the file, without ``#``.

    Returns
    -------
    str
        The epoch as reference time, then one line per contact and range with relative times.
    """
    lines = [f"# {comment}" for comment in comments]
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
