"""People, orders, grants and timers beside the compiled core, in flights whose tables show it."""

from dataclasses import replace

import numpy as np
import polars as pl

import core_cases
from core_cases import JOB, told
from flights import table
from missions import SCENARIO
from perigrid.base.architecture import ONBOARD
from perigrid.base.messages import Captured, Compute, TimerRang
from perigrid.control.approver_model import SimulatedPeople
from perigrid.control.core.build import build_core
from perigrid.control.core.events import event_rows
from perigrid.control.core.handle import handle_once
from perigrid.control.core.messages import DECISION, LEG, OTHER
from perigrid.control.core.state import UNANSWERED
from perigrid.scenario.load import load_scenario
from perigrid.scenario.oversight import Oversight, PersonModel, PlannedOrder
from perigrid.sim.run import simulate
from perigrid.sim.world import build_world

SHARED = "examples/two-operators/scenario.yaml"
GOVERNED = "examples/governed.yaml"
ADA = "{name: ada, role: flight-director, delay_minutes: 3, delay_spread: 2, grants_share: 0.8}"
BOB = "{name: bob, role: safety-officer, delay_minutes: 5, delay_spread: 1.5}"
PEOPLE = f"approvers=[{ADA}, {BOB}]"
BUSY = ("demand.deadline_hours=1", "pipeline.classify.ops_per_pixel=2e9")
HAND = "rules=[{id: hand, form: approve, action: compute}]"
RAW = "rules=[{id: raw, form: approve, action: move, product: raw}]"
ANSWERS = "rules=[{id: down, form: approve, action: move, product: answer}]"
FAULTS = (
    "faults={crash_every_hours: 0.5, crash_minutes: 4, corruption_every_hours: 0.4, "
    "loss_every_hours: 6, station_every_hours: 1, station_minutes: 15, "
    "acquisition_failure_share: 0.3}"
)
NORTH = "area: {south_deg: 0, west_deg: -180, north_deg: 90, east_deg: 180}"
ENVELOPE = f"envelopes=[{{id: north, {NORTH}, until_hours: 1.2, count: 12}}]"
STOPS = (
    "orders=[{kind: stop, by: ada, at_hours: 0.3, for_hours: 0.4, reason: z}, "
    "{kind: stop, by: bob, at_hours: 1, for_hours: 0.2, reason: y}]"
)
MANY_STOPS = "orders=[{}]".format(
    ", ".join(
        f"{{kind: stop, by: ada, at_hours: {0.2 + 0.1 * k:.1f}, for_hours: 0.05, reason: z}}"
        for k in range(12)
    )
)
NO_GRANTS = ("operators=[]", "grants=[]")
ASKED, GIVEN = "Authorized AskApproval", "ApprovalAnswered"
HELD, AGAIN = "Refused Compute stop", "TimerRang"

# Flown, and looked at from all sides, in sim/test_people_record.py.
MISSIONS = {
    "stages, eu": (
        SHARED, "onboard",
        ("hours=1", "jurisdiction=eu", PEOPLE, HAND, "approval={people: 1, valid_hours: 1}"),
        {f"{ASKED} hand", GIVEN, "Refused AskApproval approval:refused"},
    ),
    "raw, too early to ask": (
        GOVERNED, "bent-pipe", ("hours=4", "approval={people: 1, valid_hours: 1}"),
        {f"{ASKED} a-person-moves-raw", GIVEN, "Refused Move approval:too-early", AGAIN},
    ),
    "raw, by relay": (GOVERNED, "relay", ("hours=3",), {f"{ASKED} a-person-moves-raw", GIVEN}),
    "raw, in orbit, grants": (
        GOVERNED, "orbital",
        ("hours=3", *BUSY, "approval={people: 1, valid_hours: 0.5}"),
        {f"{ASKED} a-person-moves-raw", GIVEN, "Authorized Move"},
    ),
    "two people": (
        "three-body", "relay",
        ("hours=2", PEOPLE, RAW,
         "approval={people: 2, valid_hours: 0.5, roles: [flight-director, safety-officer]}"),
        {f"{ASKED} raw", GIVEN, "Refused Move approval:too-early"},
    ),
    "answers": (
        SHARED, "onboard", ("hours=2", PEOPLE, ANSWERS, "approval={valid_hours: 1}"),
        {f"{ASKED} down", GIVEN, "Refused AskApproval approval:refused",
         "Refused Move approval:too-early", AGAIN},
    ),
    "nobody in time": (
        "three-body", "relay",
        ("hours=2", RAW, "approval={valid_hours: 0.2}",
         "approvers=[{name: ada, role: flight-director, delay_minutes: 14, delay_spread: 3}]"),
        {f"{ASKED} raw", GIVEN, "Authorized Close"},
    ),
    "expired in the queue": (
        SHARED, "onboard",
        ("hours=2", HAND, "approval={valid_hours: 0.25}", "pipeline.screen.fixed_s=400",
         "scheduler=fifo",
         "approvers=[{name: ada, role: flight-director, delay_minutes: 0.02}]"),
        {f"{ASKED} hand", "AuthorityExpired"},
    ),
    "faults while they think": (
        "three-body", "orbital",
        ("hours=4", PEOPLE, HAND, FAULTS, *BUSY, "approval={valid_hours: 1}"),
        {f"{ASKED} hand", GIVEN, "NodeFailed", "TaskLost", "MoveFailed"},
    ),
    "faults on the way": (
        "three-body", "relay", ("hours=3", PEOPLE, RAW, FAULTS, "approval={valid_hours: 1}"),
        {f"{ASKED} raw", GIVEN, "NodeFailed", "MoveFailed"},
    ),
    "envelope": (
        "three-body", "orbital",
        ("hours=1.5", PEOPLE, HAND, ENVELOPE, "approval={valid_hours: 1}"),
        {f"{ASKED} hand", GIVEN, "EnvelopeAnswered", "Authorized Acknowledge"},
    ),
    "stop, stages": (
        "three-body", "orbital", ("hours=1.5", PEOPLE, STOPS),
        {"Ordered", "Authorized Acknowledge", HELD, AGAIN},
    ),
    "stop, relay": (
        "three-body", "relay", ("hours=1.5", PEOPLE, STOPS), {"Ordered", "Refused Move stop"},
    ),
    "stop, moves under way": (
        "imagers-and-data-centre", "hosted", ("hours=2", PEOPLE, RAW, STOPS),
        {"Ordered", "Refused Move stop", "AuthorityExpired", f"{ASKED} raw", GIVEN},
    ),
    "many stops": (
        SHARED, "orbital", ("hours=1.5", PEOPLE, MANY_STOPS),
        {"Refused Compute stop", "Refused Move stop", "AuthorityExpired"},
    ),
    "autonomy": (
        SHARED, "onboard", ("hours=2", *NO_GRANTS, "autonomy={hours: 0.4}"),
        {"Refused Compute safe-mode", AGAIN},
    ),
    "autonomy, moves": (
        SHARED, "orbital", ("hours=2", *NO_GRANTS, "autonomy={hours: 0.4}"),
        {"Refused Compute safe-mode", "Refused Move safe-mode"},
    ),
    "autonomy, grants": (
        SHARED, "orbital", ("hours=2", "autonomy={hours: 0.4}"),
        {"Refused Move safe-mode", "Refused Move grant:none", "AuthorityExpired"},
    ),
    "grants": (
        SHARED, "orbital", ("hours=2.8",),
        {"Refused Move grant:none", "Refused Move grant:territory", "Refused Move grant:expired",
         "Authorized Move", "Authorized Compute"},
    ),
    "grants that are spent": (
        SHARED, "orbital",
        ("hours=2", "grants=[{id: little, lender: South, borrower: North, compute_hours: 0.05, "
         "until_hours: 1.2}]"),
        {"Refused Move grant:spent", "Refused Move grant:expired"},
    ),
    "grants, people, stop": (
        SHARED, "orbital",
        ("hours=1.5", PEOPLE, HAND, STOPS, "approval={valid_hours: 1}", "autonomy={hours: 0.4}"),
        {f"{ASKED} hand", "Refused Move grant:none", "Ordered"},
    ),
}  # fmt: skip


def mission(name, architecture, sets=()):
    world = build_world(load_scenario(name, overrides=sets))
    return world, world.scenario.architecture(architecture)


def test_a_job_that_is_lost_while_people_think_ends(tmp_path):
    faults = "faults={loss_every_hours: 2}"
    slow = "approvers=[{name: ada, role: flight-director, delay_minutes: 40}]"
    sets = ("hours=4", RAW, faults, slow, "approval={valid_hours: 2}")
    simulate(*mission("three-body", "relay", sets), tmp_path)
    actions = table(tmp_path, "actions").filter(pl.col("job_id") >= 0)
    behind = actions.with_columns(before=pl.col("kind").shift().over("job_id"))
    lost = behind.filter(pl.col("before") == "ask", pl.col("reason").str.contains("lost with"))
    assert len(lost) > 0
    assert set(lost["kind"]) == {"close"}


def test_a_resume_ends_a_stop():
    people = (PersonModel("ada", "pilot", 60.0),)
    stop = PlannedOrder("stop", "ada", 5.0, 3000.0, (), "z")
    resume = replace(stop, kind="resume", at_s=20.0)
    for orders in ((stop,), (stop, resume)):
        oversight = Oversight(people, orders=orders)
        scenario = replace(SCENARIO, oversight=oversight)
        controller = core_cases.core(ONBOARD, scenario=scenario)
        given = SimulatedPeople(scenario).opening()
        told(controller, given[0])
        refused, wait = told(controller, Captured(10.0, JOB))
        assert isinstance(refused, Compute)
        for order in given[1:]:
            told(controller, order)
        after = told(controller, TimerRang(wait.until_s, 0))
        assert len(after) == (1 if resume in orders else 2)


def test_a_core_that_has_nobody_to_ask_says_so():
    world, architecture = mission("three-body", "onboard", ("hours=0.3", HAND))
    world = world.under(architecture)
    made = build_core(world.scenario, world.fleet, world.outlook, architecture, world.jobs)
    tables = [np.zeros(100, dtype=kind) for kind in (DECISION, LEG, OTHER)]
    (captured,) = [Captured(world.jobs[0].t_capture_s, world.jobs[0])]
    rows = event_rows([captured], world.scenario.pipeline.names)
    filled = np.zeros(3, dtype=np.int64)
    assert handle_once(made.core, captured.t_s, rows, 1, *tables, filled) == UNANSWERED
