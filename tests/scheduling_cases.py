"""A fleet, a contact plan and a belief to put schedulers before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from perigrid.base.jobs import Job
from perigrid.base.messages import Action, StateReported
from perigrid.control.contact_plan import ContactPlan, Exit
from perigrid.control.scheduling.base import Belief, Ready
from perigrid.control.scheduling.protocol import Scheduler
from perigrid.control.work_times import SceneWork, WorkTimes
from perigrid.fleet.build import build_fleet
from perigrid.fleet.model import ContactKind, Contacts, Fleet, Outlook
from perigrid.fleet.storage import Storage
from perigrid.fleet.windows import no_contacts
from perigrid.scenario.model import Scenario

CROSS, DOWN = ContactKind.CROSSLINK, ContactKind.DOWNLINK
JOB = Job(0, 0, 0.0, 1e4, 1e8, 1e9, 0.0, 0.0, 0, 0)
Row = tuple[ContactKind, int, int, float, float]


def contact_table(rows: Sequence[Row], rate_bps: float = 1e9) -> Contacts:
    """Windows of kind, source, target, start, end."""
    rows = sorted(rows, key=lambda row: row[3])
    n = len(rows)
    return Contacts(
        kind=np.array([int(row[0]) for row in rows], dtype=np.int64),
        source=np.array([row[1] for row in rows], dtype=np.int64),
        target=np.array([row[2] for row in rows], dtype=np.int64),
        t_start_s=np.array([row[3] for row in rows], dtype=float),
        t_end_s=np.array([row[4] for row in rows], dtype=float),
        rate_bps=np.full(n, rate_bps),
        light_time_s=np.full(n, 0.005),
        hops=np.zeros(n, dtype=np.int64),
        max_elevation_rad=np.full(n, np.nan),
    )


def empty_outlook(fleet: Fleet, array_w: float = 1500.0) -> Outlook:
    """Bright all day, nobody in sight."""
    t_s = np.arange(0.0, 14_400.0 + 60.0, 60.0)
    shape = (fleet.n_satellites, len(t_s))
    return Outlook(
        t_s=t_s,
        illumination=np.ones(shape),
        array_w=np.full(shape, array_w),
        environment_w=np.full(shape, 100.0),
        latitude_rad=np.zeros(shape),
        longitude_rad=np.zeros(shape),
        altitude_m=np.full(shape, 5e5),
        contacts=no_contacts(),
    )


def report_of(fleet: Fleet, soc: float = 0.9, stored_bytes: float = 0.0) -> StateReported:
    """All satellites alike."""
    n = fleet.n_satellites
    battery_j = tuple((soc * fleet.buses.capacity_j).tolist())
    return StateReported(0.0, battery_j, (290.0,) * n, (285.0,) * n, (stored_bytes,) * n)


class AlikeWork(WorkTimes):
    """Every scene takes the same on every computer."""

    def _worked_out(self, node: int, area_m2: float) -> SceneWork:
        bare = self._fleet.computer(node) is None
        stage_s = {"screen": 0.0 if bare else 100.0, "classify": 0.0 if bare else 50.0}
        stage_j = {"screen": 0.0 if bare else 36_000.0, "classify": 0.0 if bare else 18_000.0}
        return SceneWork(stage_s, stage_j, ("screen",))


def belief_of(scenario: Scenario, rows: Sequence[Row] = (), *, may_migrate: bool = False) -> Belief:
    """A controller's view at time 0."""
    fleet = build_fleet(scenario)
    centre = next(iter(fleet.data_centres))
    exits = {row: Exit(centre, 0.01, 1e10) for row in fleet.stations}
    plan = ContactPlan(contact_table(rows), list(ContactKind), len(fleet.names), exits)
    everywhere = plan.allowed_nodes(frozenset())
    return Belief(
        t_s=0.0,
        fleet=fleet,
        plan=plan,
        storage=Storage(fleet.buses.storage_bytes, np.zeros(fleet.n_satellites)),
        telemetry=report_of(fleet),
        busy_until_s=np.zeros(fleet.n_satellites),
        works=AlikeWork(fleet, scenario.pipeline),
        answer_bytes=4000.0,
        may_migrate=may_migrate,
        open_nodes=lambda _job_id, _product: everywhere,
        laser_w=np.zeros((fleet.n_satellites, 1)),
    )


def first_station(belief: Belief) -> int:
    """Fleet row of the first operator's station."""
    return next(row for row, place in belief.fleet.stations.items() if place.role == "operator")


def linked(scenario: Scenario, *, may_migrate: bool = True) -> Belief:
    """Satellites 0 and 1 see each other and both see a station."""
    ground = first_station(belief_of(scenario))
    rows = [(CROSS, 0, 1, 0.0, 500.0), (DOWN, 0, ground, 0.0, 7200.0)]
    return belief_of(scenario, [*rows, (DOWN, 1, ground, 0.0, 7200.0)], may_migrate=may_migrate)


def ask(
    scheduler: Scheduler,
    jobs: Sequence[Job],
    belief: Belief,
    outlook: Outlook | None = None,
    ahead: tuple[str, ...] = ("classify",),
    freed: Sequence[int] = (),
) -> list[Action]:
    """What a scheduler answers jobs that wait where they were taken, in their order."""
    leave = belief.may_migrate
    ready = [Ready(job, job.origin, ahead, may_leave=leave) for job in jobs]
    outlook = empty_outlook(belief.fleet) if outlook is None else outlook
    answers = {one.job_id: one for one in scheduler.choose(ready, freed, belief, outlook)}
    return [answers[job.job_id] for job in jobs]
