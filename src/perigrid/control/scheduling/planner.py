"""Receding horizon: all jobs that wait are planned together, anew with every telemetry."""

from __future__ import annotations

from typing import Final

from perigrid.control.scheduling.built_in import BuiltIn, Plan

MOST_JOBS: Final = 400
"""Jobs planned together: those due first; the others wait for their turn (assumed)."""

MOST_SLOTS: Final = 32
"""Starts after each other on one satellite that are planned (assumed)."""

LATE: Final = 1e6
"""What a job that is not in time costs: more than all waiting of the others. [s]"""

MOVED_S: Final = 60.0
"""What moving pixels has to save at least (assumed). [s]"""


class Planner(BuiltIn):
    """Plans the jobs that wait so that most of them are in time.

    Notes
    -----
    Starts on each satellite follow each other by the work of a kept scene, the first when it is
    free, each as soon as the guarded forecast bears it after those before. Which job takes which
    start is an assignment problem: most jobs in time, then the least waiting; it is solved exactly
    (:mod:`perigrid.control.core.assign`). Only where a job waits is carried out: a satellite that
    is free begins what is due first.
    """

    plan = Plan.PLANNER
    gain = "its answer comes sooner from there"
    weighs_places = True
