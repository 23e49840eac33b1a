"""What rules say, from a table of answers of the policy gate: who held a scene counts."""

from __future__ import annotations

from typing import Final

from perigrid.control.core.messages import ActionKind
from perigrid.control.core.outside import Judged, Question, ask_outside
from perigrid.control.core.shared import Shared, wide
from perigrid.control.core.state import ANSWER, RAW
from perigrid.fleet.model import ContactKind
from perigrid.physics.compiled import part

ALLOWED, ASKED, DENIED = 2, 1, 0
"""Kinds of verdict, by strictness."""
GO, PROCESS = 0, 1
"""Places in the table of verdicts: of moving to a node and of computing there."""
_MOVE, _COMPUTE, _ASK = int(ActionKind.MOVE), int(ActionKind.COMPUTE), int(ActionKind.ASK)
_JUDGE, _DONE, _ENDED = int(Question.JUDGE), int(Judged.DONE), int(Judged.ENDED)
_OVER_MESH: Final = int(ContactKind.RELAY)


@part
def facts_of(c: Shared, job: int, product: int) -> int:
    """Row of what rules know of a product of a job, with all who held it."""
    return _row(c, job, product, c.jobs[job].held_by)


@part
def _row(c: Shared, job: int, product: int, held_by: int) -> int:
    return int((c.jobs[job].facts * 2 + product) * c.con[0].n_holders + held_by)


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
    job, node, said = wide(wanted.job), wide(wanted.source), _DONE
    wanted.verdict, wanted.verdict_node, wanted.refused = 0, -1, 0
    if wanted.kind == _COMPUTE:
        answers = c.verdicts[facts_of(c, job, RAW), PROCESS]
        wanted.verdict, wanted.verdict_node = answers[c.nodes[node].stand_in], node
        held_by = c.jobs[job].held_by | c.nodes[node].holder
    elif wanted.kind == _MOVE:
        held_by = _judge_move(c, row, job, wide(wanted.product))
    else:
        return said
    strictness = c.strictness[wanted.verdict]
    if strictness == ALLOWED:
        wanted.verdict_node = -1
    if strictness == ASKED or c.con[0].guarded > 0 or _is_lent(c, row):
        said = ask_outside(c, _JUDGE, row)
    elif strictness == DENIED:
        wanted.refused, said = 1, _ENDED
    if wanted.refused == 0 and wanted.kind != _ASK:
        c.jobs[job].held_by = held_by
    return said


@part
def _is_lent(c: Shared, row: int) -> bool:
    """Whether a step is for a computer of another operator than the job's."""
    wanted = c.decisions[row]
    node = wide(wanted.source) if wanted.kind == _COMPUTE else wide(wanted.target)
    if c.con[0].lends == 0 or node >= c.con[0].n_satellites or wanted.product != RAW:
        return False
    return bool(c.nodes[node].operator != c.nodes[c.jobs[wanted.job].origin].operator)


@part
def _judge_move(c: Shared, row: int, job: int, product: int) -> int:
    """Judge every node a move may come to, with all before it as holders."""
    wanted = c.decisions[row]
    held_by = c.jobs[job].held_by
    wanted.verdict = -1
    for k in range(wanted.first_leg, wanted.first_leg + wanted.legs):
        leg = c.legs[k]
        for _ in range(2 if leg.kind == _OVER_MESH else 0):  # from one relay satellite to another
            facts = _row(c, job, product, held_by)
            for place in range(len(c.mesh)):
                held_by |= _step(c, row, facts, c.mesh[place])
        held_by |= _step(c, row, _row(c, job, product, held_by), wide(leg.target))
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
