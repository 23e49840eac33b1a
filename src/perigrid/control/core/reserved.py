"""Acts of compute jobs that rules reserve to people: asked about together, done once granted.

Rules say the same of many jobs at once, and asking about each takes a person's time as well as
Python's. So a job whose next act is reserved waits for the next time at which people are asked
(:data:`perigrid.control.core.codes.ASK_EVERY_S`); its act is planned anew then, and all that the
same verdict reserves are put to them in one request by
:class:`perigrid.control.core.authority.People`. What they grant is each of these acts: of that
job, from and to these nodes, while that verdict reserves it.
"""

from __future__ import annotations

import numpy as np

from perigrid.base.jobs import Cause
from perigrid.control.core.belief import withdraw
from perigrid.control.core.codes import ASK_EVERY_S, Why
from perigrid.control.core.drafts import blank
from perigrid.control.core.messages import CAUSES, ActionKind, Table
from perigrid.control.core.outside import Judged, Question, ask_outside
from perigrid.control.core.shared import Shared, wide
from perigrid.physics.compiled import part

_MOVE, _COMPUTE, _WAIT, _ASK = (
    int(ActionKind.MOVE), int(ActionKind.COMPUTE), int(ActionKind.WAIT), int(ActionKind.ASK)
)  # fmt: skip
_DONE, _TOGETHER = int(Judged.DONE), int(Question.TOGETHER)
_RULE, _RESERVED = CAUSES.index(Cause.RULE), int(Why.RESERVED)
_EVERY_S = ASK_EVERY_S


@part
def reserve_act(c: Shared, row: int) -> int:
    """Let an act be done that people granted; if they did not, ask them, or wait until they are.

    Parameters
    ----------
    c : Shared
        What is known, and the tables of decisions.
    row : int
        Of the decision, with the verdict that reserves it; it may become a request or a wait.

    Returns
    -------
    int
        :class:`perigrid.control.core.outside.Judged`.
    """
    wanted, con = c.decisions[row], c.con[0]
    me = c.jobs[wanted.job]
    if _is_granted(c, row):
        wanted.verdict, wanted.verdict_node = me.granted, -1
        wanted.expires_s = min(wanted.expires_s, me.granted_s)
        return _DONE
    withdraw(c, wide(wanted.job))  # it keeps no computer's time while people think
    asks_s = np.ceil(con.t_s / _EVERY_S) * _EVERY_S
    if asks_s > con.t_s:
        _wait_for(c, row, min(asks_s, con.end_s))
        return _DONE
    me.asked_act, me.asked_part = wanted.kind, part_of(wanted)
    me.asked_from, me.asked_to, me.asked_rule = wanted.source, wanted.target, wanted.verdict
    me.granted_s = -np.inf
    me.requests += 1
    wanted.kind, wanted.until_s = _ASK, np.inf
    con.asking += 1
    return _DONE


@part
def part_of(wanted: Table) -> int:
    """Product of a move, or stage that is computed."""
    return wide(wanted.product) if wanted.kind == _MOVE else wide(wanted.stage)


@part
def _is_granted(c: Shared, row: int) -> bool:
    """Whether people granted this very act, and for so long that its last part begins before."""
    wanted = c.decisions[row]
    me, begins_s = c.jobs[wanted.job], c.con[0].t_s
    for k in range(wanted.first_leg, wanted.first_leg + wanted.legs):
        begins_s = max(begins_s, c.legs[k].t_start_s)
    what = me.asked_act == wanted.kind and me.asked_part == part_of(wanted)
    where = me.asked_from == wanted.source and me.asked_to == wanted.target
    return bool(what and where and me.asked_rule == wanted.verdict and begins_s < me.granted_s)


@part
def _wait_for(c: Shared, row: int, until_s: float) -> None:
    """Turn an act into a wait for people to be asked."""
    job, verdict = wide(c.decisions[row].job), c.decisions[row].verdict
    blank(c.decisions, row, job, _WAIT)
    wait = c.decisions[row]
    wait.until_s, wait.cause, wait.why, wait.numbers[0] = until_s, _RULE, _RESERVED, verdict


@part
def ask_people(c: Shared, first: int) -> None:
    """Ask people about all acts of the instant that wait for them.

    Parameters
    ----------
    c : Shared
        Requests among its decisions get the time at which they will be answered.
    first : int
        Row of the first decision of the instant.
    """
    if c.con[0].asking > 0:
        c.con[0].asking = 0
        ask_outside(c, _TOGETHER, first)
