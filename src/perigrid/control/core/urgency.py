"""What is urgent may take the place of what is not and has not begun.

How urgent a product is says the pipeline: the highest priority of the stages that are done. Moves
that are less urgent, and of which nothing is sent yet, are lifted off what they have booked while a
way is found; what then fits where it was goes back, the others are decided on anew.
"""

from __future__ import annotations

import numpy as np

from perigrid.base.jobs import Cause
from perigrid.control.core.belief import cancel, withdraw
from perigrid.control.core.bookings import lift, put_back, unbook
from perigrid.control.core.codes import Why
from perigrid.control.core.down import step_down
from perigrid.control.core.drafts import new_decision
from perigrid.control.core.issue import issue, take
from perigrid.control.core.messages import CAUSES, ActionKind
from perigrid.control.core.outages import set_out
from perigrid.control.core.shared import Shared, wide
from perigrid.control.core.state import RAW
from perigrid.physics.compiled import part

_MOVE, _WAIT = int(ActionKind.MOVE), int(ActionKind.WAIT)
_LINK, _DISPLACED = CAUSES.index(Cause.LINK), int(Why.DISPLACED)


@part
def urgency(c: Shared, job: int) -> int:
    """Say how urgent what there is of a job is: by the stages that are done."""
    most, done = 0, c.jobs[job].done
    for k in range(c.con[0].n_stages):
        if (done >> k) & 1:
            most = max(most, wide(c.stages[k].priority))
    return most


@part
def send_down(c: Shared, job: int, product: int, nbytes: float) -> None:
    """Take a product's next step on its way down, in the place of less urgent ones if need be.

    Parameters
    ----------
    c : Shared
        Changed.
    job, product : int
        Whose, and which.
    nbytes : float
        Its size [B].
    """
    legs, others = c.filled[1], c.filled[2]
    row = step_down(c, job, product, nbytes)
    lifted = _lift_less_urgent(c, job) if c.con[0].urgent > 0 else 0
    if lifted > 0:
        arrival_s = _arrival_s(c, row)
        row = _step_again(c, job, product, nbytes, legs, others)
        if not _arrival_s(c, row) < arrival_s:
            _put_back(c, lifted)
            lifted = 0
            row = _step_again(c, job, product, nbytes, legs, others)
    take(c, row)
    if lifted > 0:
        _displace(c, _put_back(c, lifted))


@part
def _step_again(c: Shared, job: int, product: int, nbytes: float, legs: int, others: int) -> int:
    """Find the step down anew, in place of what was found before; row of the decision."""
    c.filled[1], c.filled[2] = legs, others
    return step_down(c, job, product, nbytes)


@part
def _arrival_s(c: Shared, row: int) -> float:
    """When a product is there by a decision; infinity if it is not sent [s]."""
    step = c.decisions[row]
    if step.kind != _MOVE:
        return np.inf
    return float(c.legs[step.first_leg + step.legs - 1].t_arrival_s)


# ------------------------------------------------------------------ lifted


@part
def _lift_less_urgent(c: Shared, job: int) -> int:
    """Lift the moves that are less urgent than a job and have not begun; how many."""
    most, count = urgency(c, job), 0
    if most == 0:
        return 0
    for row in range(len(c.under_way)):
        other = wide(c.under_way[row].job)
        if other >= 0 and c.jobs[other].first_leg == row and _may_go(c, other, most):
            count = _list(c, other, count)
    for k in range(count):
        lift(c, c.lifted[k])
    return count


@part
def _may_go(c: Shared, job: int, most: int) -> bool:
    """Whether a move may be withdrawn: it is booked, unbegun, less urgent, and nobody's will."""
    me = c.jobs[job]
    leg = c.under_way[me.first_leg]
    waits = leg.place >= 0 and leg.start_s > c.con[0].t_s
    stands = me.doing == _MOVE and me.requests == 0 and c.nodes[leg.source].lost == 0
    return bool(waits and stands and urgency(c, job) < most)


@part
def _list(c: Shared, job: int, count: int) -> int:
    """List a lifted job: what is urgent first, then what begins first; how many there are."""
    place = count
    while place > 0 and _goes_before(c, job, c.lifted[place - 1]):
        c.lifted[place] = c.lifted[place - 1]
        place -= 1
    c.lifted[place] = job
    return count + 1


@part
def _goes_before(c: Shared, job: int, other: int) -> bool:
    mine, theirs = urgency(c, job), urgency(c, other)
    if mine != theirs:
        return mine > theirs
    begin_s = c.under_way[c.jobs[job].first_leg].start_s
    other_s = c.under_way[c.jobs[other].first_leg].start_s
    return bool(begin_s < other_s or (begin_s == other_s and job < other))


@part
def _put_back(c: Shared, lifted: int) -> int:
    """Put lifted moves back where they were; the others stay listed: how many."""
    left = 0
    for k in range(lifted):
        job = c.lifted[k]
        if not put_back(c, job):
            c.lifted[left] = job
            left += 1
    return left


@part
def _displace(c: Shared, count: int) -> None:
    """Withdraw the moves whose place was taken; their jobs are decided on in the same instant."""
    for k in range(count):
        job = c.lifted[k]
        if c.jobs[job].product == RAW:
            set_out(c, job)
            cancel(c, job)
        unbook(c, job)
        withdraw(c, job)
        row = new_decision(c, job, _WAIT)
        step = c.decisions[row]
        step.until_s, step.cause, step.why = c.con[0].t_s, _LINK, _DISPLACED
        issue(c, row)
