"""Answers of the built-in schedulers to jobs: drafts, and what they take from all that is left."""

from __future__ import annotations

from perigrid.base.jobs import Cause
from perigrid.control.core.belief import give, is_free, reserve
from perigrid.control.core.codes import SOON_S, Why
from perigrid.control.core.drafts import draft, found_words
from perigrid.control.core.forecast import NO_CAUSE, commit_stage
from perigrid.control.core.graph import cost_of, first_of, left_s, may_run, stages_ahead
from perigrid.control.core.messages import CAUSES, ActionKind
from perigrid.control.core.places import barred, time_way
from perigrid.control.core.queues import forget, forget_latest, hold
from perigrid.control.core.shared import Shared, wide
from perigrid.control.core.state import RAW
from perigrid.control.core.views import note_age
from perigrid.control.core.ways import add_fibre, take_link, write_way
from perigrid.control.scheduling.built_in import Plan
from perigrid.physics.compiled import part

_MOVE, _COMPUTE, _WAIT, _CLOSE = (
    int(ActionKind.MOVE), int(ActionKind.COMPUTE), int(ActionKind.WAIT), int(ActionKind.CLOSE)
)  # fmt: skip
_EDF = int(Plan.EDF)
_AT_ONCE, _HERE, _CHOSEN, _TAKEN_UP = (
    int(Why.AT_ONCE), int(Why.HERE), int(Why.CHOSEN), int(Why.TAKEN_UP)
)  # fmt: skip
_HELD, _NOT_LASTING, _NO_ANSWER = (
    int(Why.HELD), int(Why.NOT_LASTING), int(Why.NO_ANSWER_IN_TIME)
)  # fmt: skip
_BUSY = CAUSES.index(Cause.COMPUTE)
_SOON_S = SOON_S


@part
def is_here(c: Shared, job: int) -> bool:
    """Whether a job's next stage may be computed where its pixels are."""
    return may_run(c, first_of(stages_ahead(c, job)), job, c.jobs[job].holder)


@part
def compute(c: Shared, job: int, node: int, first_other: int, why: int) -> None:
    """Begin a job's next stage.

    Parameters
    ----------
    c : Shared
        Changed.
    job, node : int
        Which, and where its pixels are.
    first_other, why : int
        Row of the first alternative that is told of, and the code of why.
    """
    k = first_of(stages_ahead(c, job))
    load = cost_of(c, job, k, node)
    forget(c, job)
    forget_latest(c, job)
    commit_stage(c, node, c.con[0].t_s, load)
    give(c, job, node, load.work_s)
    row = draft(c, job, _COMPUTE)
    new = c.drafts[row]
    new.source, new.stage, new.why = node, k, why
    if c.jobs[job].last >= 0:
        found_words(c, c.drafts, row)
    elif why == _AT_ONCE and node != c.jobs[job].origin:
        new.why = _HERE
    elif why == _AT_ONCE and c.con[0].weighs_all > 0 and c.con[0].scheduler != _EDF:
        new.why = _CHOSEN
    new.first_other, new.others = first_other, c.filled[2] - first_other


@part
def move(c: Shared, job: int, best: int, way: int, first_other: int) -> None:
    """Send pixels to a place, by an exit if it is on the ground.

    Parameters
    ----------
    c : Shared
        Changed; ways from where they are were searched last.
    job, best, way, first_other : int
        Which; row of the place; row of exits, -1 for a satellite; row of the first alternative.
    """
    node, source, con = c.places[best].node, c.jobs[job].holder, c.con[0]
    here = is_here(c, job)
    if way >= 0:
        count = time_way(c, job, c.exits[way].ground)
        count = add_fibre(c, way, count, con.t_s, c.jobs[job].raw_bytes)
    else:
        count = time_way(c, job, node)
    forget(c, job)
    if node < con.n_satellites:
        hold(c, job, node)
        c.jobs[job].coming, c.jobs[job].coming_s = 1, c.places[best].arrival_s
    else:
        forget_latest(c, job)
    reserve(c, job, node)
    if con.routed > 0:
        c.nodes[source].taken = con.batch
    for k in range(count):
        if c.way[k].contact >= 0:
            take_link(c, c.way[k])
    row = draft(c, job, _MOVE)
    new = c.drafts[row]
    new.product, new.source, new.target = RAW, source, node
    new.why = _TAKEN_UP if here and node < con.n_satellites else _CHOSEN
    new.first_other, new.others = first_other, c.filled[2] - first_other
    if node < con.n_satellites:
        note_age(c, new, wide(c.places[best].row))
    write_way(c, c.drafts, row, count)


@part
def wait(c: Shared, job: int, node: int, first_other: int) -> None:
    """Let a job wait where its pixels are, for the computer or for what would not last."""
    now_s = c.con[0].t_s
    cause = barred(c, job, node) if is_free(c, node) else NO_CAUSE
    row = draft(c, job, _WAIT)
    new = c.drafts[row]
    new.cause = _BUSY if cause == NO_CAUSE else cause
    new.why = _HELD if cause == NO_CAUSE else _NOT_LASTING
    last_s = c.jobs[job].deadline_s - left_s(c, job, stages_ahead(c, job), node) + _SOON_S
    new.until_s = max(last_s, now_s + _SOON_S)
    new.first_other, new.others = first_other, c.filled[2] - first_other


@part
def give_up(c: Shared, job: int) -> None:
    """End a job of which no answer can be in time any more."""
    forget(c, job)
    forget_latest(c, job)
    row = draft(c, job, _CLOSE)
    c.drafts[row].cause, c.drafts[row].why = _BUSY, _NO_ANSWER
