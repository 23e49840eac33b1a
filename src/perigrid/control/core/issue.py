"""What is allowed: decisions judged, what they commit, and what follows from a refusal."""

from __future__ import annotations

from perigrid.base.jobs import Cause
from perigrid.control.core.belief import cancel, give, release, take_back, withdraw
from perigrid.control.core.bookings import book
from perigrid.control.core.centres import take_slot
from perigrid.control.core.codes import Why
from perigrid.control.core.down import step_again
from perigrid.control.core.drafts import new_decision
from perigrid.control.core.graph import cost_of, in_orbit, may_run, next_stage
from perigrid.control.core.hosts import miss_host, too_late_for_host
from perigrid.control.core.messages import CAUSES, NOTHING, ActionKind
from perigrid.control.core.outside import Heard, Judged, Question, ask_outside
from perigrid.control.core.queues import forget
from perigrid.control.core.recovery import recover
from perigrid.control.core.routes import routes_again_s
from perigrid.control.core.rules import judge
from perigrid.control.core.shared import Shared, wide
from perigrid.control.core.state import ANSWER
from perigrid.physics.compiled import part

_MOVE, _COMPUTE, _WAIT, _CLOSE = (
    int(ActionKind.MOVE), int(ActionKind.COMPUTE), int(ActionKind.WAIT), int(ActionKind.CLOSE)
)  # fmt: skip
_RULE = CAUSES.index(Cause.RULE)
_REFUSED, _NOT_LENT, _SPOKEN = int(Why.REFUSED), int(Why.NOT_LENT), int(Why.SPOKEN)
_HELD, _UNLENT = int(Judged.HELD), int(Judged.NOT_LENT)
_ANSWERED, _REPEAT, _CLOSED = int(Question.ANSWERED), int(Question.REPEAT), int(Question.CLOSED)
_AGAIN_MOVE, _AGAIN_COMPUTE, _OVER = int(Heard.MOVE), int(Heard.COMPUTE), int(Heard.OVER)


@part
def issue(c: Shared, row: int) -> None:
    """Judge an action and note what it commits; what follows if it is refused."""
    while row >= 0:
        row = _issued(c, row)


@part
def take(c: Shared, row: int) -> None:
    """Take a step with a product, or end its job."""
    if c.decisions[row].kind == _CLOSE:
        end(c, row)
    else:
        issue(c, row)


@part
def end(c: Shared, row: int) -> None:
    """End a job: closing is always safe."""
    c.filled[0] = row + 1
    job = wide(c.decisions[row].job)
    c.jobs[job].doing = _CLOSE
    _release(c, job)


@part
def _issued(c: Shared, row: int) -> int:
    """Judge an action; row of the one that is wanted in its place, or -1."""
    said = judge(c, row)
    action = c.decisions[row]
    job, kind, allowed = wide(action.job), wide(action.kind), action.refused == 0
    source = wide(action.source)
    c.filled[0] = row + 1
    c.jobs[job].doing = kind
    if kind != _MOVE or not allowed:
        cancel(c, job)  # a scheduler reserved for a move not made
    if kind == _CLOSE:
        _release(c, job)
    if kind != _COMPUTE or not allowed:
        take_back(c, job)
    else:
        _give(c, job, wide(action.stage), source)
    if not allowed:
        return _instead(c, row, said)
    if kind == _MOVE:
        book(c, row)
        if action.product == ANSWER:
            release(c, job)
    return NOTHING


@part
def _give(c: Shared, job: int, k: int, node: int) -> None:
    """Note that a stage was given to a computer, unless the scheduler has noted it."""
    if node >= c.con[0].n_satellites:
        take_slot(c, job, k, node)
    elif c.jobs[job].given_to < 0:
        give(c, job, node, cost_of(c, job, k, node).work_s)


@part
def _release(c: Shared, job: int) -> None:
    """Free what an ended job takes, of a grant too."""
    release(c, job)
    withdraw(c, job)
    forget(c, job)  # whoever ended it, it waits in no queue any more
    if c.jobs[job].lent > 0:
        c.jobs[job].lent = 0
        ask_outside(c, _CLOSED, job)


@part
def _instead(c: Shared, row: int, said: int) -> int:
    """Hold a job that is stopped or out of leave, end any other; row of what is to be issued."""
    refused = c.decisions[row]
    job, k = wide(refused.job), next_stage(c, wide(refused.job))
    origin = c.jobs[job].origin
    if refused.kind == _MOVE:
        withdraw(c, job)
    due = said == _UNLENT and k >= 0 and in_orbit(c, k)
    if due and c.jobs[job].holder == origin and may_run(c, k, job, origin):
        step = new_decision(c, job, _COMPUTE)
        c.decisions[step].source, c.decisions[step].stage = origin, k
        c.decisions[step].why = _NOT_LENT
        return step
    again_s = routes_again_s(c)
    later = due and c.con[0].routed > 0 and again_s <= c.jobs[job].deadline_s
    if later:
        refused.until_s = again_s  # other satellites may be in reach then
    held = said == _HELD or later
    step = new_decision(c, job, _WAIT if held else _CLOSE)
    following = c.decisions[step]
    following.cause, following.why = _RULE, _REFUSED
    following.numbers[0], following.numbers[1] = refused.verdict, refused.verdict_node
    if held:
        following.until_s = min(refused.until_s, c.con[0].end_s)
        return step
    end(c, step)
    return NOTHING


# ------------------------------------------------------------------ what people answered


@part
def answered(c: Shared, job: int) -> bool:
    """Take in what people said of a job's next step; False if it has to be planned anew."""
    said = ask_outside(c, _ANSWERED, job)
    if said >= _OVER:
        row = new_decision(c, job, _CLOSE)
        close = c.decisions[row]
        close.cause, close.why, close.numbers[0] = _RULE, _SPOKEN, said - _OVER
        end(c, row)
        return True
    step = next_recovery(c, job)  # its node may have failed while people thought
    if step < 0 and said in (_AGAIN_MOVE, _AGAIN_COMPUTE):
        step = new_decision(c, job, _MOVE if said == _AGAIN_MOVE else _COMPUTE)
        ask_outside(c, _REPEAT, step)
        if said == _AGAIN_MOVE and not step_again(c, step):
            step = NOTHING
    if step >= 0:
        issue(c, step)
    return step >= 0


@part
def next_recovery(c: Shared, job: int) -> int:
    """Say what faults leave to do for a job, if they stand against its next step; else -1."""
    step = recover(c, job)
    return miss_host(c, job) if step < 0 and too_late_for_host(c, job) else step
