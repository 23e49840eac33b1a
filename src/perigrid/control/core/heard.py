"""What ended and arrived: reports of telemetry, stages, moves."""

from __future__ import annotations

import numpy as np

from perigrid.control.core.belief import arrive, cancel, release, settle, take_back
from perigrid.control.core.bookings import end_move
from perigrid.control.core.forecast import look
from perigrid.control.core.graph import is_computed, next_stage
from perigrid.control.core.islands import GROUND, find_islands
from perigrid.control.core.messages import NOTHING, Table
from perigrid.control.core.outages import is_thrown_away, set_out
from perigrid.control.core.outside import Question, ask_outside
from perigrid.control.core.shared import Shared, wide
from perigrid.control.core.state import EVERY_LEG, RAW
from perigrid.control.core.views import hear
from perigrid.control.scheduling.built_in import Plan
from perigrid.physics.compiled import part

_EXPIRED, _GROUND = int(Question.EXPIRED), GROUND
_FIFO, _PLUG_IN = int(Plan.FIFO), int(Plan.PLUG_IN)


@part
def reported(c: Shared) -> None:
    """Take in that telemetry came: every satellite may begin something, and others hear of it.

    What was so at the beginning all know.
    """
    con = c.con[0]
    con.told_s, con.reports = con.t_s, con.reports + 1
    find_islands(c)
    if con.in_orbit > 0 and con.scheduler != _FIFO and con.scheduler != _PLUG_IN:
        look(c)
    for node in range(con.n_satellites):
        if con.reports == 1 or is_heard(c, node):
            hear(c, node)
        note_free(c, node)


@part
def is_heard(c: Shared, node: int) -> bool:
    """Whether a satellite's report came to the ground."""
    return bool(c.satellites[node].island == _GROUND)


@part
def note_free(c: Shared, node: int) -> None:
    """Note that there is news of a satellite, which may begin something now."""
    c.freed[c.con[0].freed] = node
    c.con[0].freed += 1


@part
def computed(c: Shared, event: Table) -> None:
    """Take in that a stage ended, with a result that may be suspect."""
    job, node = wide(event.job), wide(event.node)
    c.jobs[job].there_bytes, c.jobs[job].there = 0.0, NOTHING  # something else goes down now
    if event.suspect == 0 or not is_thrown_away(c, job, node):
        _take_result(c, event)
    end_task(c, job)


@part
def expired(c: Shared, job: int) -> None:
    """Take in that a step was not begun: what it had booked is given back."""
    cancel(c, job)
    end_move(c, job, 0)
    ask_outside(c, _EXPIRED, job)


@part
def end_task(c: Shared, job: int) -> None:
    """Note that a computer has a stage no more, and that it may begin another."""
    had = take_back(c, job)
    if had >= 0:
        note_free(c, had)


@part
def _take_result(c: Shared, event: Table) -> None:
    con, jobs, job, node = c.con[0], c.jobs, wide(event.job), wide(event.node)
    jobs[job].done |= 1 << event.stage
    jobs[job].requests, jobs[job].granted_s = 0, -np.inf  # people knew less
    jobs[job].last = event.stage
    c.found[job, event.stage] = event.outcome
    if event.outcome == event.outcome:
        con.screened += 1
        con.kept += next_stage(c, job) >= 0
    if is_computed(c, job):
        if node >= con.n_satellites and (con.routed == 0 or jobs[job].user < 0):
            jobs[job].answer_at = node  # else it goes on to who asked for it
        if con.sends_pixels == 0 and event.suspect == 0:
            release(c, job)  # the answer is what goes down


@part
def moved(c: Shared, event: Table) -> None:
    """Take in that a product arrived whole."""
    jobs, job, node = c.jobs, wide(event.job), wide(event.node)
    end_move(c, job, EVERY_LEG)
    jobs[job].there_bytes, jobs[job].there = 0.0, NOTHING
    if event.product == RAW:
        jobs[job].holder = node
        set_out(c, job)
        arrive(c, job)
    if is_computed(c, job):
        jobs[job].answer_at = node
    if node < c.con[0].n_satellites:
        settle(c, node)  # the time that was kept for it is its own now
