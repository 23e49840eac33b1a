"""What rules say, from a table of answers of the policy gate: who held a scene counts."""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.control.core.messages import ActionKind
from perigrid.control.core.shared import Shared, wide
from perigrid.control.core.state import ANSWER, RAW
from perigrid.fleet.model import ContactKind
from perigrid.physics.compiled import part

ALLOWED, ASKED, DENIED = 2, 1, 0
"""Kinds of verdict, by strictness."""
GO, PROCESS = 0, 1
"""Places in the table of verdicts: of moving to a node and of computing there."""
_MOVE, _COMPUTE = int(ActionKind.MOVE), int(ActionKind.COMPUTE)
_OVER_MESH: Final = int(ContactKind.RELAY)


@part
def facts_of(c: Shared, job: int, product: int) -> int:
    """Row of what rules say now of a product of a job, with all who held it."""
    return _row(c, job, product, c.jobs[job].held_by, c.con[0].t_s)


@part
def _row(c: Shared, job: int, product: int, held_by: int, t_s: float) -> int:
    case = (c.jobs[job].facts * 2 + product) * c.con[0].n_holders + held_by
    return facts_at(c, c.first_facts[case], t_s)


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
def judge(c: Shared, row: int) -> None:
    """Judge an action: the strictest of the verdicts on its steps, and the first of those.

    Parameters
    ----------
    c : Shared
        What is known; who a move or a stage comes to holds the scene from then on. Verdict and
        node are noted in the row.
    row : int
        Of the decisions.
    """
    wanted = c.decisions[row]
    job, node = wide(wanted.job), wide(wanted.source)
    wanted.verdict, wanted.verdict_node, wanted.refused = 0, -1, 0
    if wanted.kind == _COMPUTE:
        answers = c.verdicts[facts_of(c, job, RAW), PROCESS]
        wanted.verdict, wanted.verdict_node = answers[c.nodes[node].stand_in], node
        held_by = c.jobs[job].held_by | c.nodes[node].holder
    elif wanted.kind == _MOVE:
        held_by = _judge_move(c, row, job, wide(wanted.product))
    else:
        return
    if c.strictness[wanted.verdict] == ALLOWED:
        c.jobs[job].held_by, wanted.verdict_node = held_by, -1
    else:
        wanted.refused = 1


@part
def _judge_move(c: Shared, row: int, job: int, product: int) -> int:
    """Judge every node a move may come to, with all before it as holders."""
    wanted = c.decisions[row]
    held_by = c.jobs[job].held_by
    wanted.verdict = -1
    for k in range(wanted.first_leg, wanted.first_leg + wanted.legs):
        leg = c.legs[k]
        begin_s = max(c.con[0].t_s, leg.t_start_s)
        for _ in range(2 if leg.kind == _OVER_MESH else 0):  # from one relay satellite to another
            facts = _row(c, job, product, held_by, begin_s)
            for place in range(len(c.mesh)):
                held_by |= _step(c, row, facts, c.mesh[place])
        held_by |= _step(c, row, _row(c, job, product, held_by, begin_s), wide(leg.target))
    return int(held_by)


@part
def _step(c: Shared, row: int, facts: int, node: int) -> int:
    """Judge one step of a move; the bit of who holds the scene then."""
    wanted = c.decisions[row]
    verdict = c.verdicts[facts, GO, c.nodes[node].stand_in]
    if wanted.verdict < 0 or c.strictness[verdict] < c.strictness[wanted.verdict]:
        wanted.verdict, wanted.verdict_node = verdict, node
    return int(c.nodes[node].holder)


@part
def level_of(c: Shared) -> int:
    """Product that goes down after a job is computed."""
    answer_bytes = c.con[0].answer_bytes
    return RAW if answer_bytes != answer_bytes else ANSWER
