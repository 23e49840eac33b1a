"""What rules say, from a table of answers of the policy gate: who holds what counts at each step."""

from __future__ import annotations

from typing import Final

from perigrid.control.core.messages import ActionKind
from perigrid.control.core.state import ANSWER, RAW, Core, Out
from perigrid.fleet.model import ContactKind
from perigrid.physics.compiled import part

ALLOWED, ASKED, DENIED = 2, 1, 0
"""Kinds of verdict, by strictness."""
GO, PROCESS = 0, 1
"""Places in the table of verdicts: of moving to a node and of computing there."""
_MOVE, _COMPUTE = int(ActionKind.MOVE), int(ActionKind.COMPUTE)
_OVER_MESH: Final = int(ContactKind.RELAY)


@part
def facts_of(c: Core, job: int, product: int) -> int:
    """Row of what rules know of a product of a job, with all who held it."""
    return _row(c, job, product, c.jobs[job].held_by)


@part
def _row(c: Core, job: int, product: int, held_by: int) -> int:
    return int((c.jobs[job].facts * 2 + product) * c.con[0].n_holders + held_by)


@part
def judge(c: Core, out: Out, row: int) -> None:
    """Judge an action: the strictest of the verdicts on its steps, and the first of those.

    Parameters
    ----------
    c : Core
        What is known; who a move or a stage comes to holds the scene from then on.
    out : Out
        Verdict and node are noted in the row.
    row : int
        Of the decisions.
    """
    wanted = out.decisions[row]
    wanted.verdict, wanted.verdict_node, wanted.refused = 0, -1, 0
    if wanted.kind == _COMPUTE:
        facts, node = facts_of(c, wanted.job, RAW), wanted.source
        wanted.verdict, wanted.verdict_node = c.verdicts[facts, PROCESS, c.nodes[node].stand_in], node
        held_by = c.jobs[wanted.job].held_by | c.nodes[wanted.source].holder
    elif wanted.kind == _MOVE:
        held_by = _judge_move(c, out, row)
    else:
        return
    kind = c.decisions[wanted.verdict]
    if kind == ALLOWED:
        c.jobs[wanted.job].held_by = held_by
        wanted.verdict_node = -1
    else:
        wanted.refused = 1


@part
def _judge_move(c: Core, out: Out, row: int) -> int:
    """Judge every node a move may come to, with all before it as holders."""
    wanted = out.decisions[row]
    held_by = c.jobs[wanted.job].held_by | c.nodes[wanted.source].holder
    wanted.verdict = -1
    for k in range(wanted.first_leg, wanted.first_leg + wanted.legs):
        leg = out.legs[k]
        if leg.kind == _OVER_MESH:
            for _ in range(2):  # from one relay satellite on to another
                facts, after = _row(c, wanted.job, wanted.product, held_by), held_by
                for place in range(len(c.mesh)):
                    node = c.mesh[place]
                    _note(c, out, row, c.verdicts[facts, GO, c.nodes[node].stand_in], node)
                    after |= c.nodes[node].holder
                held_by = after
        facts = _row(c, wanted.job, wanted.product, held_by)
        _note(c, out, row, c.verdicts[facts, GO, c.nodes[leg.target].stand_in], leg.target)
        held_by |= c.nodes[leg.target].holder
    return int(held_by)


@part
def _note(c: Core, out: Out, row: int, verdict: int, node: int) -> None:
    wanted = out.decisions[row]
    if wanted.verdict < 0 or c.decisions[verdict] < c.decisions[wanted.verdict]:
        wanted.verdict, wanted.verdict_node = verdict, node


@part
def level_of(c: Core) -> int:
    """Product that goes down after a job is computed."""
    answer_bytes = c.con[0].answer_bytes
    return RAW if answer_bytes != answer_bytes else ANSWER
