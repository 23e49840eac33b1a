"""How many jobs a scarce thing can serve at most: contacts, computers, energy."""

from __future__ import annotations

import heapq
from bisect import insort
from dataclasses import dataclass
from typing import Final

import numpy as np

from perigrid.base.units import BITS_PER_BYTE
from perigrid.fleet.model import Floats, Ints

SLACK_S: Final = 1e-3
"""Given to every job, so that no rounding of the times that were flown breaks a bound. [s]"""

SLACK_SHARE: Final = 1e-6
"""Share of one job that is given when whole jobs are counted. [1]"""


@dataclass(frozen=True, slots=True)
class Windows:
    """Contacts of which every job that counts must take one, whole.

    Parameters
    ----------
    start_s, end_s : (n,) float array
        Usable interval [s].
    rate_bps : (n,) float array
        Information rate [bit/s].
    after_s : (n,) float array
        What passes between the last bit sent and the end of the way, at least [s].
    """

    start_s: Floats
    end_s: Floats
    rate_bps: Floats
    after_s: Floats


def most_sent(release_s: Floats, due_s: Floats, nbytes: float, windows: Windows) -> int:
    r"""Bound how many products get through contacts.

    Parameters
    ----------
    release_s, due_s : (n_jobs,) float array
        When each product can be sent at the earliest, and when it must have arrived [s].
    nbytes : float
        Size of the smallest [B].
    windows : Windows
        The contacts; those of several senders may stand together.

    Returns
    -------
    int
        No schedule that sends each product whole over a contact gets more through in time.

    Notes
    -----
    A contact from :math:`s` to :math:`e` on which a product takes :math:`\tau` carries at most
    :math:`\lfloor (e-s)/\tau \rfloor` of them, one after the other, and the :math:`i`-th from its
    end has begun by :math:`e - i\tau`. So products and these places are matched: a product may
    take a place if it is released by then, and if the place's contact, or any with a later place,
    begins early enough for it. What a product may take is then an interval of the places in the
    order of their latest begin, and for intervals it is optimal to give each place in turn to the
    product that is due first [1]_. Leaving out that sending excludes other sending only loosens it.

    References
    ----------
    .. [1] F. Glover, "Maximum matching in a convex bipartite graph", Naval Research Logistics
       Quarterly 14, 313 (1967), doi:10.1002/nav.3800140304.
    """
    order = np.argsort(release_s, kind="stable")
    released_s, dues_s = (release_s[order] - SLACK_S).tolist(), (due_s[order] + SLACK_S).tolist()
    places = _Places(nbytes, len(order), windows)
    ready: list[float] = []
    sent = job = 0
    while ready or job < len(order):
        from_s = -np.inf if ready else released_s[job]
        latest_s, done_s = places.take(from_s)
        if latest_s == np.inf:
            break
        while job < len(order) and released_s[job] <= latest_s:
            heapq.heappush(ready, dues_s[job])
            job += 1
        while ready and ready[0] < done_s:
            heapq.heappop(ready)
        if ready:
            heapq.heappop(ready)
            sent += 1
    return sent


class _Places:
    """Places in contacts, made one after the other as they are asked for.

    There can be as many as contacts times jobs. Each that is asked for serves a job, or finds all
    that are ready too late, so that no more are than twice the jobs.
    """

    def __init__(self, nbytes: float, most: int, windows: Windows) -> None:
        sending_s = np.maximum(nbytes, 1e-9) * BITS_PER_BYTE / windows.rate_bps
        open_s = windows.end_s - windows.start_s
        count = np.minimum(np.floor(open_s / sending_s + SLACK_SHARE), most)
        rows = np.flatnonzero(count >= 1.0)
        self._end_s: list[float] = windows.end_s[rows].tolist()
        self._sending_s: list[float] = sending_s[rows].tolist()
        count, ends_s, each_s = count[rows], windows.end_s[rows], sending_s[rows]
        # The next place of each contact, its number, and how many places it has from there on.
        first_s, left = (ends_s - count * each_s).tolist(), count.astype(np.int64).tolist()
        self._next = sorted(zip(first_s, range(len(rows)), left, strict=True))
        # The soonest end of a way over any contact that has a place at some time or later.
        last_s = ends_s - each_s
        by_last = np.argsort(last_s, kind="stable")
        done_s = (windows.start_s + sending_s + windows.after_s)[rows][by_last]
        self._last_s: Floats = last_s[by_last]
        self._soonest_s: list[float] = np.minimum.accumulate(done_s[::-1])[::-1].tolist()

    def take(self, from_s: float) -> tuple[float, float]:
        """Take the next place.

        Parameters
        ----------
        from_s : float
            Places that have to begin before this are passed over [s].

        Returns
        -------
        latest_s, done_s : float
            Its latest begin, infinity if there is none, and the soonest end of a way over its
            contact or one with a later place [s].
        """
        while self._next:
            latest_s, row, left = self._next[0]
            end_s, sending_s = self._end_s[row], self._sending_s[row]
            if latest_s < from_s:
                left = min(left - 1, int((end_s - from_s) / sending_s) + 1)
            else:
                left -= 1
            # Rounding may leave the next one still too early: it is looked at once more.
            if left < 1:
                heapq.heappop(self._next)
            else:
                heapq.heapreplace(self._next, (end_s - left * sending_s, row, left))
            if latest_s >= from_s:
                return latest_s, self._soonest_s[int(np.searchsorted(self._last_s, latest_s))]
        return np.inf, np.inf


def most_received(nbytes: float, node: Ints, serves: Ints, windows: Windows) -> int:
    """Bound how many products nodes take in over contacts, of which they serve so many at once.

    Parameters
    ----------
    nbytes : float
        Size of the smallest [B].
    node : (n,) int array
        Where each contact leads.
    serves : (n,) int array
        How many contacts that node serves at once.
    windows : Windows
        The contacts.

    Returns
    -------
    int
        No schedule takes more in over the whole run.

    Notes
    -----
    At each moment a node takes in no more than its quickest open contacts carry, as many as it
    serves. Turning from one to the next is left out, as are products that are not whole.
    """
    bits = sum(
        _most_bits(windows.start_s[here], windows.end_s[here], windows.rate_bps[here], most)
        for one in np.unique(node).tolist()
        for here in [np.flatnonzero(node == one)]
        for most in [int(serves[here[0]])]
    )
    return int(bits / (max(nbytes, 1e-9) * BITS_PER_BYTE) + SLACK_SHARE)


def _most_bits(start_s: Floats, end_s: Floats, rate_bps: Floats, most: int) -> float:
    """Sum what the quickest of some contacts carry, so many at a time [bit]."""
    edges_s = np.unique(np.concatenate([start_s, end_s]))
    rising, falling = np.searchsorted(edges_s, start_s), np.searchsorted(edges_s, end_s)
    change = np.bincount(rising, minlength=len(edges_s)) - np.bincount(
        falling, minlength=len(edges_s)
    )
    if change.cumsum().max() <= most:
        return float(((end_s - start_s) * rate_bps).sum())
    begins, ends = np.argsort(rising, kind="stable"), np.argsort(falling, kind="stable")
    open_bps: list[float] = []
    bits, first, last = 0.0, 0, 0
    for k, span_s in enumerate(np.diff(edges_s).tolist()):
        while first < len(begins) and rising[begins[first]] == k:
            insort(open_bps, float(rate_bps[begins[first]]))
            first += 1
        while last < len(ends) and falling[ends[last]] == k:
            open_bps.remove(float(rate_bps[ends[last]]))
            last += 1
        bits += span_s * sum(open_bps[-most:])
    return bits


def most_computed(release_s: Floats, due_s: Floats, work_s: float, slots: int) -> int:
    """Bound how many jobs computers can do.

    Parameters
    ----------
    release_s, due_s : (n_jobs,) float array
        When each can begin at the earliest and must be done at the latest [s].
    work_s : float
        What each takes of one slot [s].
    slots : int
        Jobs that are done side by side.

    Returns
    -------
    int
        No schedule does more of them in time.

    Notes
    -----
    Jobs may be torn, done in part, and done on all slots at once: then the most work that is done
    in time is that of always doing the job due first, and so many whole jobs fit into it.
    """
    if work_s <= 0.0:
        return len(release_s)
    order = np.argsort(release_s, kind="stable")
    begin_s, dues_s = release_s[order] - SLACK_S, due_s[order] + SLACK_S
    ready: list[list[float]] = []
    done_s, now_s, job = 0.0, -np.inf, 0
    while ready or job < len(order):
        if not ready:
            now_s = max(now_s, float(begin_s[job]))
        while job < len(order) and begin_s[job] <= now_s:
            heapq.heappush(ready, [float(dues_s[job]), work_s / slots])
            job += 1
        due, left_s = ready[0]
        until_s = float(begin_s[job]) if job < len(order) else np.inf
        over_s = min(now_s + left_s, due)
        to_s = max(now_s, min(until_s, over_s))
        done_s += (to_s - now_s) * slots
        if to_s >= over_s:
            heapq.heappop(ready)
        else:
            ready[0][1] -= to_s - now_s
        now_s = to_s
    return min(len(order), int(done_s / work_s + SLACK_SHARE))


def most_powered(due_s: Floats, work_j: float, t_s: Floats, supply_j: Floats) -> int:
    """Bound how many jobs energy suffices for.

    Parameters
    ----------
    due_s : (n_jobs,) float array
        When each must be computed at the latest [s].
    work_j : float
        What each takes [J].
    t_s : (n_times,) float array
        Times, rising [s].
    supply_j : (n_times,) float array
        The most energy that can have been spent by each time, never falling [J].

    Returns
    -------
    int
        No schedule pays for more of them in time.

    Notes
    -----
    Of the jobs due by a time no more can be done than the energy until then pays for. Taking them
    in the order in which they are due, each that still fits, gives the most.
    """
    if work_j <= 0.0:
        return len(due_s)
    dues_s = np.sort(due_s) + SLACK_S
    # at the first time that is not earlier: by then at least as much has come
    at = np.minimum(np.searchsorted(t_s, dues_s), len(t_s) - 1)
    affordable = np.floor(supply_j[at] / work_j + SLACK_SHARE)
    paid = 0
    for most in affordable.tolist():
        paid += paid < most
    return paid
