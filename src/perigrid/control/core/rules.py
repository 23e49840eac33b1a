"""What rules say, from a table of answers of the policy gate: who held a scene counts."""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.control.core.messages import ActionKind
from perigrid.control.core.outside import Judged, Question, ask_outside
from perigrid.control.core.reserved import reserve_act
from perigrid.control.core.shared import Shared, wide
from perigrid.control.core.state import ANSWER, RAW
from perigrid.fleet.model import ContactKind
from perigrid.physics.compiled import part

ALLOWED, ASKED, DENIED = 2, 1, 0
"""Kinds of verdict, by strictness."""
GO, PROCESS = 0, 1
"""Places in the table of verdicts: of moving to a node and of computing there."""
_MOVE, _COMPUTE = int(ActionKind.MOVE), int(ActionKind.COMPUTE)
_JUDGE, _DONE, _ENDED, _HELD, _RESERVED = (
    int(Question.JUDGE), int(Judged.DONE), int(Judged.ENDED), int(Judged.HELD),
    int(Judged.RESERVED),
)  # fmt: skip
_OVER_MESH: Final = int(ContactKind.RELAY)


@part
def facts_of(c: Shared, job: int, product: int) -> int:
    """Row of what rules say now of a product of a job, with all who held it."""
    return facts_at(c, _case(c, job, product, c.jobs[job].held_by), c.con[0].t_s)


@part
def _case(c: Shared, job: int, product: int, held_by: int) -> int:
    """First row of what rules say of a product of a job, with who held it."""
    case = (c.jobs[job].facts * 2 + product) * c.con[0].n_holders + held_by
    return int(c.first_facts[case])


@part
def facts_at(c: Shared, row: int, t_s: float) -> int:
    """Row of what rules say at a time, given one of the same class that is not later."""
    while row < c.facts[row].last and c.facts[row + 1].from_s <= t_s:
        row += 1
    return row


@part
def opens_s(c: Shared, row: int, index: int, t_s: float) -> float:
    """Say when a product may first be sent to a node.

    Parameters
    ----------
    c : Shared
        What is known.
    row, index : int
        Of facts; place of the node among those of contacts.
    t_s : float
        Not before [s].

    Returns
    -------
    float
        The time itself if it may be then; infinity if it never may again [s].
    """
    row = facts_at(c, row, t_s)
    while c.shut[c.facts[row].shut, index]:
        if row == c.facts[row].last:
            return np.inf
        row += 1
    return float(max(t_s, c.facts[row].from_s))


@part
def verdict_at(c: Shared, job: int, node: int, t_s: float) -> int:
    """Say what rules say of bringing a job's data to a satellite and computing there.

    Parameters
    ----------
    c : Shared
        What is known.
    job, node : int
        Which, and where.
    t_s : float
        When [s].

    Returns
    -------
    int
        Place of the stricter of both verdicts.
    """
    held_by, kind = c.jobs[job].held_by, c.nodes[node].stand_in
    there = c.verdicts[facts_at(c, _case(c, job, RAW, held_by), t_s), GO, kind]
    facts = facts_at(c, _case(c, job, RAW, held_by | c.nodes[node].holder), t_s)
    here = c.verdicts[facts, PROCESS, kind]
    return int(here if c.strictness[here] < c.strictness[there] else there)


@part
def leave_at(c: Shared, job: int, node: int) -> int:
    """Kind of what rules say now of bringing a job's data to a satellite and computing there."""
    return int(c.strictness[verdict_at(c, job, node, c.con[0].t_s)])


@part
def answer_verdict(c: Shared, job: int) -> int:
    """Place of what rules say now of sending a job's answer to the ground node that asked."""
    kind = c.nodes[c.jobs[job].user].stand_in
    return int(c.verdicts[facts_of(c, job, level_of(c)), GO, kind])


@part
def any_host_s(c: Shared, job: int) -> float:
    """When rules first let any satellite compute a job: now, later, or never [s].

    Parameters
    ----------
    c : Shared
        What is known.
    job : int
        Which.

    Returns
    -------
    float
        Infinity for never.
    """
    row, t_s = facts_of(c, job, RAW), c.con[0].t_s
    for turn in range(row, c.facts[row].last + 1):
        then_s = max(t_s, c.facts[turn].from_s)
        for node in range(c.con[0].n_satellites):
            if c.strictness[verdict_at(c, job, node, then_s)] != DENIED:
                return float(then_s)
    return np.inf


@part
def answer_leave(c: Shared, job: int, node: int, user: int) -> int:
    """Kind of the verdict on sending a job's answer from a satellite to a ground node now."""
    held_by = c.jobs[job].held_by | c.nodes[node].holder
    facts = facts_at(c, _case(c, job, ANSWER, held_by), c.con[0].t_s)
    return int(c.strictness[c.verdicts[facts, GO, c.nodes[user].stand_in]])


@part
def judge(c: Shared, row: int) -> int:
    """Judge an action: the strictest of the verdicts on its steps, and the first of those.

    Parameters
    ----------
    c : Shared
        What is known; who a move or a stage comes to holds the scene from then on. Verdict and
        node are noted in the row.
    row : int
        Of the decisions.

    Returns
    -------
    int
        :class:`perigrid.control.core.outside.Judged`. What people, their orders or grants have a
        say in is put to Python, where the row may become a request.
    """
    wanted = c.decisions[row]
    wanted.verdict, wanted.verdict_node, wanted.refused = 0, -1, 0
    if wanted.kind not in (_MOVE, _COMPUTE):
        return _DONE
    held_by = _judge_steps(c, row, np.nan, c.con[0].t_s)
    if c.strictness[wanted.verdict] == ALLOWED:
        wanted.verdict_node = -1
    said = _said(c, row)
    if said == _RESERVED:
        said = reserve_act(c, row)
    if wanted.refused == 0 and wanted.kind in (_MOVE, _COMPUTE):
        c.jobs[wanted.job].held_by = held_by
    return said


@part
def _said(c: Shared, row: int) -> int:
    """Say what follows from the verdict on an action, from people, orders and grants."""
    wanted, con = c.decisions[row], c.con[0]
    strictness = c.strictness[wanted.verdict]
    together = con.routed > 0 and con.enveloped == 0
    alone = strictness == ASKED and not together
    if alone or con.guarded > 0 or _is_lent(c, row):
        return ask_outside(c, _JUDGE, row)
    if strictness == ASKED:
        return _RESERVED
    if strictness == DENIED:
        wanted.refused, wanted.until_s = 1, _changes_s(c, row)
        return _HELD if wanted.until_s <= c.jobs[wanted.job].deadline_s else _ENDED
    if wanted.kind == _COMPUTE:  # legs begin when they say, a stage when its turn comes
        wanted.expires_s = _changes_s(c, row)
    return _DONE


@part
def _changes_s(c: Shared, row: int) -> float:
    """First time from now on at which rules decide otherwise on an action; infinity for never."""
    wanted, then_s = c.decisions[row], c.con[0].turn_s
    verdict, node = wanted.verdict, wanted.verdict_node
    while then_s < np.inf:
        _judge_steps(c, row, then_s, then_s)
        if c.strictness[wanted.verdict] != c.strictness[verdict]:
            break
        then_s = c.con[0].turn_s
    wanted.verdict, wanted.verdict_node = verdict, node
    return float(then_s)


@part
def _is_lent(c: Shared, row: int) -> bool:
    """Whether a step is for a computer of another operator than the job's."""
    wanted = c.decisions[row]
    node = wide(wanted.source) if wanted.kind == _COMPUTE else wide(wanted.target)
    if node >= c.con[0].n_satellites or wanted.product != RAW:
        return False
    return is_foreign(c, wide(wanted.job), node)


@part
def is_foreign(c: Shared, job: int, node: int) -> bool:
    """Whether a node is another operator's than the job's, who would have to lend it."""
    operator = c.nodes[c.jobs[job].origin].operator
    return bool(c.con[0].lends > 0 and c.nodes[node].operator != operator)


@part
def _judge_steps(c: Shared, row: int, at_s: float, after_s: float) -> int:
    """Judge every node that an action comes to, with all before it as holders."""
    # Verdict and node are noted in the row, and in the settings the first time after ``after_s`` at
    # which a verdict may change. A step is judged when it begins, all at ``at_s`` if that is given.
    wanted, now_s = c.decisions[row], c.con[0].t_s
    job, product, node = wide(wanted.job), wide(wanted.product), wide(wanted.source)
    held_by = c.jobs[job].held_by
    wanted.verdict, c.con[0].turn_s = -1, np.inf
    if wanted.kind == _COMPUTE:
        begin_s = now_s if np.isnan(at_s) else at_s
        facts = _row_and_turn(c, _case(c, job, RAW, held_by), begin_s, after_s)
        return int(held_by | _step(c, row, PROCESS, facts, node))
    for k in range(wanted.first_leg, wanted.first_leg + wanted.legs):
        leg = c.legs[k]
        begin_s = max(now_s, leg.t_start_s) if np.isnan(at_s) else at_s
        for _ in range(2 if leg.kind == _OVER_MESH else 0):  # from one relay satellite to another
            facts = _row_and_turn(c, _case(c, job, product, held_by), begin_s, after_s)
            for place in range(len(c.mesh)):
                held_by |= _step(c, row, GO, facts, c.mesh[place])
        facts = _row_and_turn(c, _case(c, job, product, held_by), begin_s, after_s)
        held_by |= _step(c, row, GO, facts, wide(leg.target))
    return int(held_by)


@part
def _row_and_turn(c: Shared, first: int, t_s: float, after_s: float) -> int:
    """Row of what rules say of a case at a time; notes when that first changes after another."""
    turn = first + 1
    while turn <= c.facts[first].last and c.facts[turn].from_s <= after_s:
        turn += 1
    if turn <= c.facts[first].last:
        c.con[0].turn_s = min(c.con[0].turn_s, c.facts[turn].from_s)
    return facts_at(c, first, t_s)


@part
def _step(c: Shared, row: int, act: int, facts: int, node: int) -> int:
    """Judge one step of an action; the bit of who holds the scene then."""
    wanted = c.decisions[row]
    verdict = c.verdicts[facts, act, c.nodes[node].stand_in]
    if wanted.verdict < 0 or c.strictness[verdict] < c.strictness[wanted.verdict]:
        wanted.verdict, wanted.verdict_node = verdict, node
    return int(c.nodes[node].holder)


@part
def level_of(c: Shared) -> int:
    """Product that goes down after a job is computed."""
    answer_bytes = c.con[0].answer_bytes
    return RAW if answer_bytes != answer_bytes else ANSWER
