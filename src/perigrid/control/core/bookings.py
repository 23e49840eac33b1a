"""What is booked on the contacts, what faults close, and the legs of moves under way."""

from __future__ import annotations

import numpy as np

from perigrid.control.core.messages import NOTHING, Table
from perigrid.control.core.route_legs import book_line, give_back_line
from perigrid.control.core.shared import Shared, wide
from perigrid.control.core.state import ANSWER, DESPITE
from perigrid.control.core.ways import carries
from perigrid.physics.compiled import part

# ------------------------------------------------------------------ moves


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
            continue
        place = c.place_of[leg.contact]
        c.contacts[place].free_s = leg.t_end_s
        _renew(c, place)
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
    new.next = NOTHING
    new.place = c.place_of[leg.contact] if leg.contact >= 0 else NOTHING
    new.source, new.target, new.nbytes = leg.source, leg.target, leg.nbytes
    new.start_s, new.end_s = leg.t_start_s, leg.t_end_s
    if last < 0:
        c.jobs[job].first_leg = row
    else:
        c.under_way[last].next = row
    return int(row)


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

    Notes
    -----
    A contact is free again from the end of the last booking that is left on it: a gap before that
    stays unused.
    """
    now_s, row, number = c.con[0].t_s, c.jobs[job].first_leg, 0
    c.jobs[job].first_leg = NOTHING
    while row >= 0:
        leg = c.under_way[row]
        following, place = leg.next, leg.place
        leg.next, c.con[0].free_leg = c.con[0].free_leg, row
        leg.place = NOTHING  # it counts no more
        c.con[0].spare_legs += 1
        if place >= 0:
            if number < k or leg.end_s <= now_s:
                _sent(c, place, leg.end_s)
            else:
                _give_back(c, place, leg)
        elif number >= k and leg.end_s > now_s:
            give_back_line(c, leg)
        row, number = following, number + 1


@part
def _sent(c: Shared, place: int, end_s: float) -> None:
    c.contacts[place].over_s = max(c.contacts[place].over_s, end_s)


@part
def _give_back(c: Shared, place: int, leg: Table) -> None:
    """Give back the time of a leg; what was sent of it is gone."""
    now_s, contact, sent_share = c.con[0].t_s, c.contacts[place], 0.0
    if leg.start_s < now_s:
        _sent(c, place, now_s)
        sent_share = (now_s - leg.start_s) / (leg.end_s - leg.start_s)
    last_s = contact.over_s
    for row in range(len(c.under_way)):
        if c.under_way[row].place == place:
            last_s = max(last_s, c.under_way[row].end_s)
    contact.free_s = last_s if last_s > -np.inf else c.plan.windows[place].start_s
    _renew(c, place)
    left_bytes = c.booked_bytes[contact.row] - (1.0 - sent_share) * leg.nbytes
    c.booked_bytes[contact.row] = max(left_bytes, 0.0)


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
    """Work out anew from when on a contact is free, by what is booked and what is away."""
    free_s = max(c.contacts[place].free_s, _closed_s(c, place))
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
    """Work out from when on contacts were free to a product if what will come back were there.

    Parameters
    ----------
    c : Shared
        Its plan's last row of free times is filled.
    product : int
        Which.
    """
    for place in range(len(c.contacts)):
        gone = not carries(c, place, product) or _closed_s(c, place) == np.inf
        c.plan.free_s[DESPITE, place] = np.inf if gone else c.contacts[place].free_s
