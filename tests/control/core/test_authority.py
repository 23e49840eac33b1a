"""People, orders, grants and timers beside the compiled core: all said and done as in Python."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from core_cases import compare, event_rows, fly
from perigrid.base.digest import action_hash
from perigrid.base.messages import Captured, Compute, Move, Verdict
from perigrid.control.approver_model import SimulatedPeople, simulated_key
from perigrid.control.core.authority import has_people
from perigrid.control.core.build import build_core
from perigrid.control.core.handle import handle_once
from perigrid.control.core.messages import DECISION, LEG, OTHER
from perigrid.control.core.state import UNANSWERED
from perigrid.control.core.table_custody import TableCustody
from perigrid.control.oversight import approval_context
from perigrid.control.policy.approval.authority import Authority
from perigrid.control.policy.approval.signed import sign
from perigrid.control.policy.custody import Custody
from perigrid.scenario.load import load_scenario
from perigrid.scenario.oversight import PlannedOrder
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

MISSIONS = {
    "stages, eu": (
        SHARED, "onboard",
        ("hours=1", "jurisdiction=eu", PEOPLE, HAND, "approval={people: 1, valid_hours: 1}"),
        {f"{ASKED} hand", GIVEN, "Refused AskApproval approval:refused"},
    ),
    "raw, too early to ask": (
        GOVERNED, "bent-pipe", ("hours=4",),
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
    return under(world, architecture)


def under(world, name):
    architecture = world.scenario.architecture(name)
    return world.under(architecture), architecture


def assert_alike(world, architecture, wanted):
    """Fly both; every decision, word and receipt is the same, and all that is wanted occurs."""
    assert has_people(world.scenario)
    flown = fly(world, architecture)
    found = compare(world, architecture, flown)
    assert found.differences == []
    assert found.instants == len(flown.batches) > 0
    lender = flown.controller.lender
    if lender is not None:
        assert found.people.authority.lender.receipts == lender.receipts
    assert wanted - set(kinds(flown)) == set()
    assert_believe_alike(flown.controller.belief, found.core)
    return flown, found


def assert_believe_alike(belief, core):
    """What is stored and booked is the same, and no row of legs under way is lost."""
    assert core.satellites["held_bytes"].tolist() == belief.storage.held_bytes.tolist()
    assert core.booked_bytes.tolist() == belief.plan.booked_bytes.tolist()
    chained = 0
    for row in core.jobs["first_leg"]:
        while row >= 0:
            chained, row = chained + 1, core.under_way["next"][row]
    assert len(core.under_way) - core.con["spare_legs"][0] == chained


def kinds(flown):
    """What happened, and what was decided on which rule."""
    found = Counter(type(one).__name__ for events, _ in flown.batches for one in events)
    for _, decisions in flown.batches:
        for one in decisions:
            rule = "" if one.verdict.decision == "allow" else f" {one.verdict.rule}"
            found[f"{type(one).__name__} {type(one.action).__name__}{rule}"] += 1
    return found


@pytest.mark.parametrize("name", MISSIONS)
def test_all_is_decided_as_in_python(name):
    scenario, architecture, sets, wanted = MISSIONS[name]
    assert_alike(*mission(scenario, architecture, sets), wanted)


def test_a_job_that_is_lost_while_people_think_ends():
    faults = "faults={loss_every_hours: 2}"
    slow = "approvers=[{name: ada, role: flight-director, delay_minutes: 40}]"
    sets = ("hours=4", RAW, faults, slow, "approval={valid_hours: 2}")
    flown, _ = assert_alike(*mission("three-body", "relay", sets), {f"{ASKED} raw"})
    doing, lost = {}, []
    for events, decisions in flown.batches:
        waiting = not any(getattr(one, "job_id", -1) >= 0 for one in events)
        for one in decisions:
            action = one.action
            if waiting and doing.get(action.job_id) == "AskApproval":
                lost.append(action)
            doing[action.job_id] = type(action).__name__
    assert {one.detail for one in lost} == {"what it had was lost with its satellite"}


def test_a_resume_ends_a_stop():
    world, architecture = mission("three-body", "orbital", ("hours=1.5", PEOPLE))
    stop = PlannedOrder("stop", "ada", 1000.0, 3000.0, (), "z")
    resume = replace(stop, kind="resume", at_s=2000.0)
    for orders in ((stop,), (stop, resume)):
        oversight = replace(world.scenario.oversight, orders=orders)
        told = replace(world, scenario=replace(world.scenario, oversight=oversight))
        flown, _ = assert_alike(told, architecture, {"Ordered", HELD})
        held_s = [
            events[0].t_s
            for events, decisions in flown.batches
            for one in decisions
            if one.verdict.rule == "stop" and not one.may_run
        ]
        assert (max(held_s) < 2000.0) == (resume in orders)


def test_a_person_rules_a_single_action_out(monkeypatch):
    """What a first flight did is ruled out for a second one."""
    world, architecture = mission(SHARED, "orbital", ("hours=1", PEOPLE, *NO_GRANTS))
    batches = fly(world, architecture).batches
    chosen = [
        (events[0].t_s, one.action)
        for events, decisions in batches
        for one in decisions
        if isinstance(one.action, Compute | Move) and events[0].t_s > 1000.0
    ]
    t_s, action = chosen[0]
    order = PlannedOrder("override", "ada", t_s - 1.0, 3000.0, (), "z")
    oversight = replace(world.scenario.oversight, orders=(order,))
    told = replace(world, scenario=replace(world.scenario, oversight=oversight))
    subject = action_hash(action, approval_context(told.scenario))
    plain = SimulatedPeople._signed_order

    def aimed(people, order, number):
        person = next(one for one in people._people if one.name == order.person)
        draft = replace(plain(people, order, number), subject=subject)
        return sign(draft, simulated_key(person, told.scenario.seed))

    monkeypatch.setattr(SimulatedPeople, "_signed_order", aimed)
    kind = type(action).__name__
    assert_alike(told, architecture, {"Ordered", f"Refused {kind} override"})


@pytest.mark.parametrize("name", ["stages, eu", "raw, in orbit, grants", "grants, people, stop"])
def test_the_gate_sees_what_it_would_see_with_its_own_custody(name, monkeypatch):
    asked = {TableCustody: {}, Custody: {}}
    plain = Authority.decide

    def decide(authority, action, t_s, facts, evidence):
        about = authority.gate.requests(action, t_s=t_s)
        asked[type(authority.gate.custody)][t_s, action] = about
        return plain(authority, action, t_s, facts, evidence)

    monkeypatch.setattr(Authority, "decide", decide)
    scenario, architecture, sets, wanted = MISSIONS[name]
    assert_alike(*mission(scenario, architecture, sets), wanted)
    assert len(asked[TableCustody]) > 0
    for key, about in asked[TableCustody].items():
        assert about == asked[Custody][key]


@pytest.mark.parametrize("name", ["envelope", "grants, people, stop", "two people"])
def test_people_go_on_from_a_checkpoint(name):
    scenario, name, sets, _ = MISSIONS[name]
    world, architecture = mission(scenario, name, sets)
    flown = fly(world, architecture)
    found = compare(world, architecture, flown, handed_over=len(flown.batches) // 2)
    assert found.differences == []
    assert found.instants == len(flown.batches)
    lender = flown.controller.lender
    if lender is not None:
        assert found.people.authority.lender.receipts == lender.receipts > []


def test_what_was_said_is_told_once_for_the_record():
    scenario, architecture, sets, _ = MISSIONS["envelope"]
    world, architecture = mission(scenario, architecture, sets)
    found = compare(world, architecture, fly(world, architecture))
    words = found.words
    news = words.news()
    assert [Verdict(*one) for one in news["verdicts"]] == words.verdicts[-len(news["verdicts"]) :]
    assert news["spoken"] == words.spoken
    assert "envelope" in news["spoken"]
    assert words.news() is None
    words.texts.say("more")
    assert words.news() == {"verdicts": [], "spoken": ["more"]}


@pytest.mark.parametrize(
    ("sets", "asks"),
    [((), False), ((HAND,), True), (("autonomy={hours: 1}",), True), ((PEOPLE, STOPS), True)],
)
def test_only_some_missions_have_anybody_to_ask(sets, asks):
    assert has_people(load_scenario("three-body", overrides=sets)) == asks


def test_a_core_that_has_nobody_to_ask_says_so():
    world, architecture = mission("three-body", "onboard", ("hours=0.3", HAND))
    core, _ = build_core(world.scenario, world.fleet, world.outlook, architecture, world.jobs)
    tables = [np.zeros(100, dtype=kind) for kind in (DECISION, LEG, OTHER)]
    (captured,) = [Captured(world.jobs[0].t_capture_s, world.jobs[0])]
    rows = event_rows([captured], world.scenario.pipeline.names)
    filled = np.zeros(3, dtype=np.int64)
    assert handle_once(core, captured.t_s, rows, 1, *tables, filled) == UNANSWERED
