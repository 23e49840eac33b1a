"""Jobs that wait for computers, under schedulers that hold them back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import core_cases
from core_cases import CROSS, DOWN, GROUND, taken
from missions import SCENARIO
from perigrid.base.architecture import ORBITAL, Architecture
from perigrid.base.jobs import Job
from perigrid.base.messages import Action, StateReported
from perigrid.control.controller import Controller
from perigrid.fleet.model import Outlook
from scheduling_cases import Row, empty_outlook

JOB = Job(0, 0, 0.0, 1e4, 1e8, 1e9, 0.0, 0.0, 0, 0)
LINKED = ((CROSS, 0, 1, 0.0, 500.0), (DOWN, 0, GROUND, 0.0, 7200.0), (DOWN, 1, GROUND, 0.0, 7200.0))
"""Satellites 0 and 1 see each other for a while and both see a station."""
FAMILY = ["edf", "lookahead", "price", "planner"]


def core(
    scheduler: str,
    jobs: Sequence[Job] = (JOB,),
    rows: Sequence[Row] = LINKED,
    architecture: Architecture = ORBITAL,
    *,
    array_w: float | None = None,
    outlook: Outlook | None = None,
    told: StateReported | None = None,
    **changes: object,
) -> Controller:
    """A controller that got a report, full batteries if none is given."""
    if array_w is not None:
        outlook = empty_outlook(core_cases.FLEET, array_w)
    made = core_cases.core(
        architecture, jobs, rows, SCENARIO, outlook=outlook, scheduler=scheduler, **changes
    )
    made.handle([core_cases.report(core_cases.FLEET) if told is None else told])
    return made


def ask(controller: Controller, *jobs: Job) -> list[Action]:
    """What is wanted of jobs taken at one instant, in their order."""
    found = taken(controller, *jobs)
    return [found[job.job_id] for job in jobs]


def busy(controller: Controller, *until_s: float) -> None:
    """Take computers up until then; the last one counts for all others too."""
    times_s = controller.belief.busy_until_s
    times_s[: len(until_s)] = until_s
    times_s[len(until_s) :] = until_s[-1] if len(until_s) == 1 else 0.0


def at(t_s: float, job: Job = JOB, number: int = 0, **changes: object) -> Job:
    """The same job, taken then."""
    return replace(job, t_capture_s=t_s, job_id=number, **changes)
