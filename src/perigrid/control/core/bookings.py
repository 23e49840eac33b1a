"""What is booked on the contacts, what faults close, and the legs of moves under way."""

from __future__ import annotations

import numpy as np

from perigrid.base.units import BITS_PER_BYTE
from perigrid.control.contact_plan.equipment import (
    is_free,
    occupy,
    pass_over,
    pick_antenna,
    vacate,
)
from perigrid.control.core.messages import NOTHING, Table
from perigrid.control.core.route_legs import book_line, give_back_line
from perigrid.control.core.rules import facts_of
from perigrid.control.core.search import begins_s
from perigrid.control.core.shared import Shared, wide
from perigrid.control.core.state import ANSWER, DESPITE, EVERY_LEG
from perigrid.control.core.ways import carries
from perigrid.physics.compiled import part

# ------------------------------------------------------------------ moves


@part
def fit_again(c: Shared, row: int) -> bool:
    """Time the legs of a move anew, if what they need was booked since they were found.

    Parameters
    ----------
    c : Shared
        The tables of decisions are changed, and when the pixels are believed to come.
    row : int
        Of the decision; over routes it stays as it is.

    Returns
    -------
    bool
        False if a leg fits into its contact no more, or would begin when rules may say otherwise.
    """
    move, t_s = c.decisions[row], c.con[0].t_s
    job, facts = c.jobs[move.job], facts_of(c, wide(move.job), wide(move.product))
    timed = facts < c.facts[facts].last
    for k in range(move.first_leg, move.first_leg + move.legs):
        leg = c.legs[k]
        if leg.contact >= 0:
            place = c.place_of[leg.contact]
            begin_s = begins_s(c, place, max(t_s, leg.t_start_s), leg.nbytes)
            if begin_s == np.inf or (begin_s > leg.t_start_s and timed):
                return False
            window = c.plan.windows[place]
            leg.t_start_s = begin_s
            leg.t_end_s = begin_s + leg.nbytes * BITS_PER_BYTE / window.rate_bps
            leg.t_arrival_s = leg.t_end_s + window.light_s
        elif t_s > leg.t_start_s and c.con[0].routed == 0:
            late_s = t_s - leg.t_start_s
            leg.t_start_s, leg.t_end_s = t_s, leg.t_end_s + late_s
            leg.t_arrival_s += late_s
        leg.t_ready_s, leg.t_window_s = max(t_s, leg.t_ready_s), max(t_s, leg.t_window_s)
        t_s = leg.t_arrival_s
    if job.coming > 0:
        job.coming_s = max(job.coming_s, t_s)
    return True


@part
def book(c: Shared, row: int) -> None:
    """Take the time of a move's legs out of their contacts.

    Parameters
    ----------
    c : Shared
        Changed.
    row : int
        Of the decision.
    """
    move, last = c.decisions[row], NOTHING
    job = wide(move.job)
    c.jobs[job].product = move.product
    for k in range(move.first_leg, move.first_leg + move.legs):
        leg = c.legs[k]
        last = _append(c, job, last, leg)
        if leg.contact < 0:
            book_line(c, leg)
        elif last >= 0:
            _occupy(c, c.under_way[last])
            c.booked_bytes[leg.contact] += leg.nbytes


@part
def _append(c: Shared, job: int, last: int, leg: Table) -> int:
    """Note a leg behind the last of a job's move; its row."""
    row = c.con[0].free_leg
    if row < 0:
        c.con[0].overflow = 1
        return last
    new = c.under_way[row]
    c.con[0].free_leg = new.next
    c.con[0].spare_legs -= 1
    new.next, new.antenna, new.job = NOTHING, NOTHING, job
    new.place = c.place_of[leg.contact] if leg.contact >= 0 else NOTHING
    new.source, new.target, new.nbytes = leg.source, leg.target, leg.nbytes
    new.start_s, new.end_s = leg.t_start_s, leg.t_end_s
    if last < 0:
        c.jobs[job].first_leg = row
    else:
        c.under_way[last].next = row
    return int(row)


@part
def _occupy(c: Shared, leg: Table) -> None:
    """Take the time of a leg out of its sender, and out of an antenna if it needs one."""
    window = c.plan.windows[leg.place]
    by, fits = window.source, True
    if window.antennas > 0:
        leg.antenna = pick_antenna(c.booked, window, leg.start_s, leg.end_s)
        fits = leg.antenna >= 0 and occupy(c.booked, leg.antenna, by, leg.start_s, leg.end_s)
    fits = fits and occupy(c.booked, window.sender, by, leg.start_s, leg.end_s)
    if not fits:
        c.con[0].overflow = 1


@part
def leg_of(c: Shared, job: int, k: int) -> int:
    """Row of a leg of a job's move, by its number."""
    row = c.jobs[job].first_leg
    for _ in range(k):
        row = c.under_way[row].next
    return int(row)


@part
def end_move(c: Shared, job: int, k: int) -> None:
    """Forget the legs of a job's move, and give back the time of those that are not flown.

    Parameters
    ----------
    c : Shared
        Changed.
    job, k : int
        Which; number of the first leg that is not flown, or of one behind the last.
    """
    now_s, row, number = c.con[0].t_s, c.jobs[job].first_leg, 0
    c.jobs[job].first_leg = NOTHING
    while row >= 0:
        leg = c.under_way[row]
        following, unsent = leg.next, number >= k and leg.end_s > now_s
        leg.next, c.con[0].free_leg, leg.job = c.con[0].free_leg, row, NOTHING
        c.con[0].spare_legs += 1
        if leg.place >= 0:
            _vacate(c, leg)
            if unsent:
                _unbook(c, leg)
        elif unsent:
            give_back_line(c, leg)
        row, number = following, number + 1


@part
def keep_parts(c: Shared, job: int, k: int) -> None:
    """Note what has come to a data centre of a move that breaks off at a leg."""
    row = c.jobs[job].first_leg
    for _ in range(k):
        leg = c.under_way[row]
        if leg.place < 0 and c.con[0].parts > 0:
            c.jobs[job].there_bytes += leg.nbytes
            c.jobs[job].there = leg.target
        row = leg.next


@part
def _vacate(c: Shared, leg: Table) -> None:
    """Give back what is left of the time of a leg, and forget what is over."""
    now_s, sender = c.con[0].t_s, c.plan.windows[leg.place].sender
    begin_s, fits = max(leg.start_s, now_s), True
    if leg.end_s > now_s:
        fits = vacate(c.booked, sender, begin_s, leg.end_s)
        if leg.antenna >= 0:
            fits = vacate(c.booked, leg.antenna, begin_s, leg.end_s) and fits
    pass_over(c.booked, sender, now_s)
    if leg.antenna >= 0:
        pass_over(c.booked, leg.antenna, now_s)
    if not fits:
        c.con[0].overflow = 1


# ------------------------------------------------------------------ lifted


@part
def lift(c: Shared, job: int) -> None:
    """Free for now what a move has booked; nothing of it has begun."""
    row = c.jobs[job].first_leg
    while row >= 0:
        leg = c.under_way[row]
        if leg.place >= 0:
            _free(c, c.plan.windows[leg.place].sender, leg)
            _free(c, leg.antenna, leg)
        row = leg.next


@part
def _free(c: Shared, item: int, leg: Table) -> None:
    if item >= 0 and not vacate(c.booked, item, leg.start_s, leg.end_s):
        c.con[0].overflow = 1


@part
def put_back(c: Shared, job: int) -> bool:
    """Book a lifted move again as it was, on any antenna.

    Parameters
    ----------
    c : Shared
        Changed.
    job : int
        Whose.

    Returns
    -------
    bool
        False, with nothing booked, if a leg fits there no more.
    """
    row = c.jobs[job].first_leg
    while row >= 0:
        leg = c.under_way[row]
        if leg.place >= 0 and not _fits(c, leg):
            return False
        row = leg.next
    row = c.jobs[job].first_leg
    while row >= 0:
        if c.under_way[row].place >= 0:
            _occupy(c, c.under_way[row])
        row = c.under_way[row].next
    return True


@part
def _fits(c: Shared, leg: Table) -> bool:
    """Whether sender and an antenna are free for a leg; no two legs of a move need the same."""
    window = c.plan.windows[leg.place]
    sent = is_free(c.booked, window.sender, window.source, leg.start_s, leg.end_s)
    if window.antennas == 0 or not sent:
        return sent
    return pick_antenna(c.booked, window, leg.start_s, leg.end_s) >= 0


@part
def unbook(c: Shared, job: int) -> None:
    """Forget a lifted move, of which nothing is booked any more."""
    row = c.jobs[job].first_leg
    while row >= 0:
        leg = c.under_way[row]
        if leg.place >= 0:
            _unbook(c, leg)
            leg.place = NOTHING
        row = leg.next
    end_move(c, job, EVERY_LEG)


@part
def _unbook(c: Shared, leg: Table) -> None:
    """Take what will not be sent of a leg out of the bytes of its contact."""
    sent_s, contact = c.con[0].t_s - leg.start_s, c.contacts[leg.place].row
    share = sent_s / (leg.end_s - leg.start_s) if sent_s > 0.0 else 0.0
    left_bytes = c.booked_bytes[contact] - (1.0 - share) * leg.nbytes
    c.booked_bytes[contact] = max(left_bytes, 0.0)


# ------------------------------------------------------------------ faults


@part
def exclude_node(c: Shared, node: int, until_s: float) -> None:
    """Plan nothing over a node until a time.

    Parameters
    ----------
    c : Shared
        Changed.
    node : int
        Fleet row.
    until_s : float
        When it is believed to be back; infinity for never, minus infinity if it is [s].
    """
    c.nodes[node].away_s = until_s
    for place in range(len(c.contacts)):
        if c.contacts[place].source == node or c.contacts[place].target == node:
            _renew(c, place)


@part
def exclude_contact(c: Shared, place: int) -> None:
    """Never again plan with a contact that failed, nor with its other direction."""
    windows, contacts = c.plan.windows, c.contacts
    source, target = contacts[place].source, contacts[place].target
    start_s, end_s = windows[place].start_s, windows[place].end_s
    for other in range(len(contacts)):
        there = contacts[other].source == source and contacts[other].target == target
        back = contacts[other].source == target and contacts[other].target == source
        at_once = windows[other].start_s == start_s and windows[other].end_s == end_s
        if at_once and (there or back):
            contacts[other].excluded = 1
            _renew(c, other)


@part
def _renew(c: Shared, place: int) -> None:
    """Work out anew from when on a contact may be used, by what is away."""
    free_s = _closed_s(c, place)
    for product in range(ANSWER + 1):
        if carries(c, place, product):
            c.plan.free_s[product, place] = free_s


@part
def _closed_s(c: Shared, place: int) -> float:
    """Until when faults close a contact; minus infinity if none does [s]."""
    contact = c.contacts[place]
    if contact.excluded:
        return np.inf
    return float(max(c.nodes[contact.source].gone_s, c.nodes[contact.target].away_s))


@part
def free_despite(c: Shared, product: int) -> None:
    """Work out which contacts a product could use if what will come back were there.

    Parameters
    ----------
    c : Shared
        Its plan's last row of times is filled.
    product : int
        Which.
    """
    for place in range(len(c.contacts)):
        gone = not carries(c, place, product) or _closed_s(c, place) == np.inf
        c.plan.free_s[DESPITE, place] = np.inf if gone else -np.inf
