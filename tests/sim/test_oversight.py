"""People in whole runs: what they cost in time; expired or stopped authority never acts."""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from flights import table, world_of
from missions import SCENARIO, with_stage
from perigrid.base.architecture import BENT_PIPE, ONBOARD, RELAY, Architecture
from perigrid.ledger.record import read_record
from perigrid.ledger.tables import RUN_LEGS
from perigrid.scenario.model import PolicyFile, Rule, Scenario
from perigrid.scenario.oversight import Oversight as Described
from perigrid.scenario.oversight import PersonModel, PlannedOrder, Terms
from perigrid.sim.replay import first_difference
from perigrid.sim.run import RunResult, simulate
from perigrid.sim.world import World

ASK = Rule("ask-home", "ask", "move", "answer", "any", "any", "two people look at answers")
PEOPLE = (
    PersonModel("day", "flight-director", 120.0, 2.0),
    PersonModel("ops", "safety-officer", 240.0, 2.0, grants_share=0.8),
)
TWO = Terms(people=2, roles=("flight-director", "safety-officer"), valid_s=4 * 3600.0)
STOP = PlannedOrder("stop", "day", 3600.0, 1800.0, (), "smoke in the control room")


def mission(**changes: Any) -> Scenario:
    oversight = Described(PEOPLE, TWO, **changes.pop("oversight", {}))
    return replace(SCENARIO, duration_s=6 * 3600.0, oversight=oversight, **changes)


class Flown(NamedTuple):
    """What a run came to, its record and its tables."""

    result: RunResult
    entries: list[dict[str, Any]]
    actions: pl.DataFrame
    events: pl.DataFrame
    first_legs: pl.DataFrame  # of moves, with their verdicts


def run(world: World, scenario: Scenario, architecture: Architecture) -> Flown:
    changed = world_of(scenario, world.bank)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        result = simulate(changed, architecture, folder)
        entries = list(read_record(folder / "ledger"))
        place = (folder / "ledger", scenario, changed.fleet, changed.outlook, architecture)
        assert first_difference(*place) is None
        actions, events = table(folder, "actions"), table(folder, "events")
        moved = (folder / "legs").is_dir()
        legs = table(folder, "legs") if moved else pl.DataFrame(schema=RUN_LEGS)
    first_legs = legs.group_by("decision", maintain_order=True).first()
    first_legs = first_legs.join(actions.select("decision", "verdict"), on="decision")
    return Flown(result, entries, actions, events, first_legs)


def test_two_people_are_asked_and_waiting_for_them_shows(world: World) -> None:
    result, entries, *_ = run(world, mission(rules=(ASK,)), ONBOARD)
    figures = result.summary["approvals"]
    assert figures["asked"] > 20
    assert figures["granted"] > figures["refused"] > 0
    answered = figures["granted"] + figures["refused"] + figures["expired"]
    assert 0 <= figures["asked"] - answered <= result.summary["in_flight"]
    assert figures["answer_s"]["p90"] > 240.0
    assert figures["age_s"]["p50"] >= 0.0
    assert result.summary["binding"]["rule"] > 0.0
    said = [e for entry in entries if entry["kind"] == "events" for e in entry["events"]]
    answers = [e for e in said if e["type"] == "ApprovalAnswered"]
    assert all(one["signature"] for answer in answers for one in answer["approvals"])
    assert "day" not in {one["signer"] for answer in answers for one in answer["approvals"]}


def test_a_stop_lets_nothing_begin_and_its_latency_is_measured(world: World) -> None:
    stopped = mission(oversight={"orders": (STOP,)})
    result, _, actions, *_ = run(world, stopped, ONBOARD)
    (stop,) = result.summary["approvals"]["stops"]
    assert stop["nodes"] == world.fleet.n_satellites
    assert sum(one["n"] for one in stop["latency_s"].values()) == stop["nodes"]
    during = actions.filter((pl.col("t_s") >= 3600.0) & (pl.col("t_s") < 5400.0))
    computes = during.filter(pl.col("kind") == "compute")
    assert computes.height > 0
    assert set(computes["verdict"]) == {"deny"}
    assert set(computes["rule"]) == {"stop"}
    after = actions.filter((pl.col("t_s") >= 5400.0) & (pl.col("kind") == "compute"))
    assert "allow" in set(after["verdict"])


def test_out_of_leave_satellites_do_safe_acts_only(world: World) -> None:
    own = tuple(station for station in SCENARIO.stations if station.role == "operator")
    alone = mission(oversight={"autonomy_s": 1200.0}, stations=own)  # no relay to hear from
    result, _, actions, *_ = run(world, alone, ONBOARD)
    denied = actions.filter(pl.col("verdict") == "deny")
    assert denied.height > 0
    assert set(denied["rule"]) == {"safe-mode"}
    assert result.summary["insights_delivered"] > 0
    free = run(world, mission(stations=own), ONBOARD).result
    assert result.summary["insights_delivered"] <= free.summary["insights_delivered"]


def test_authority_that_expires_in_the_queue_never_acts(world: World) -> None:
    """A stage waits behind others for longer than its approval holds: it is asked about anew."""
    pipeline = with_stage(SCENARIO.pipeline, "screen", fixed_s=400.0)
    ask = replace(ASK, action="compute", product="any")
    short = replace(TWO, people=1, roles=(), valid_s=900.0)
    quick = (PersonModel("day", "flight-director", 1.0),)
    scenario = mission(rules=(ask,), pipeline=pipeline)
    scenario = replace(scenario, oversight=Described(quick, short), duration_s=2 * 3600.0)
    _, entries, _, events, _ = run(world, scenario, ONBOARD)
    assert "AuthorityExpired" in events["kind"]
    said = [e for entry in entries if entry["kind"] == "events" for e in entry["events"]]
    granted = [e for e in said if e["type"] == "ApprovalAnswered" and e["granted"]]
    screened = events.filter(kind="Computed", stage="screen").select("job_id", "t_s")
    assert screened.height > 0
    for job, t_s in screened.iter_rows():
        answers = [one for one in granted if one["job_id"] == job and one["t_s"] <= t_s]
        began_s = t_s - 400.0  # at most: heat and energy only make it longer ago
        assert began_s < answers[-1]["approvals"][0]["expires_s"]


def curfew(action: str, condition: str) -> Scenario:
    text = (
        f'@id("curfew") forbid (principal, action == Action::"{action}", resource) '
        f'when {{ context.level == "raw" && {condition} }};'
    )
    governance = replace(SCENARIO.governance, policies=(PolicyFile("law/curfew.cedar", text),))
    return mission(governance=governance)


def test_no_pixels_go_down_after_a_curfew_and_the_rule_is_the_cause(world: World) -> None:
    late = curfew("downlink", "context.now_s >= 3600")
    _, _, actions, _, first_legs = run(world, late, BENT_PIPE)
    allowed = first_legs.filter(pl.col("verdict") == "allow")
    assert allowed.height > 0
    assert allowed["t_start_s"].max() < 3600.0
    closed = actions.filter(pl.col("kind") == "close")["reason"].to_list()
    assert any(reason.startswith("rule: ") for reason in closed)


def test_pixels_wait_for_the_end_of_a_curfew(world: World) -> None:
    early = curfew("downlink", "context.now_s < 7200")
    result, _, actions, _, first_legs = run(world, early, BENT_PIPE)
    assert first_legs["t_start_s"].min() >= 7200.0
    assert result.summary["insights_delivered"] > 0
    assert "deny" not in set(actions["verdict"])  # nothing is planned into a denial


def test_a_stage_that_a_rule_closes_while_it_queues_does_not_begin(world: World) -> None:
    pipeline = with_stage(SCENARIO.pipeline, "screen", fixed_s=400.0)
    night = curfew("process", "context.now_s >= 400 && context.now_s < 9000")
    _, _, actions, events, _ = run(world, replace(night, pipeline=pipeline), ONBOARD)
    expired_s = events.filter(kind="AuthorityExpired")["t_s"].to_list()
    assert any(400.0 <= t_s < 9000.0 for t_s in expired_s)
    done_s = events.filter(kind="Computed", stage="screen")["t_s"].to_list()
    began_s = [t_s - 400.0 for t_s in done_s]  # or a little before: it takes a little longer
    assert not [t_s for t_s in began_s if 402.0 < t_s < 9000.0]
    assert [t_s for t_s in began_s if t_s >= 9000.0]  # waited for, not given up
    assert "curfew" in set(actions.filter(pl.col("verdict") == "deny")["rule"])


def test_no_pixels_cross_relay_satellites_that_a_rule_closes(world: World) -> None:
    closed = Rule("not-over-us", "deny", "move", "raw", "US", "any", "pixels touch no US satellite")
    assert "US" not in {station.country for station in SCENARIO.stations}
    actions = run(world, mission(rules=(closed,)), RELAY).actions
    sent = actions.filter((pl.col("kind") == "move") & (pl.col("verdict") == "allow"))
    assert sent.height == 0
    free = run(world, mission(), RELAY).actions
    reasons = free.filter(pl.col("kind") == "move")["reason"].to_list()
    assert reasons
    assert all("any relay satellite of Relay (US)" in reason for reason in reasons)
