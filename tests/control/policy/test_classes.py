"""The table of verdicts by class says what the gate says, for any rules, packs and nodes."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perigrid.base.jobs import Job, Product
from perigrid.base.messages import Captured, Compute, Computed, Move
from perigrid.control.policy.classes import ANSWER, BRING, PROCESS, ClassGate, node_classes
from perigrid.control.policy.gate import Gate
from perigrid.control.policy.request import Approver
from perigrid.control.policy.verdicts import STRICTNESS
from perigrid.scenario.model import ClosedArea, Handling
from policy_cases import PLACES, gate, place, rule

STAGES = ("screen", "classify")
SATELLITES = 4
NODES = {
    "sat-a": place("ada", "DE", "DE", "satellite"),
    "sat-b": place("bao", "CN", "CN", "satellite"),
    "sat-c": place("ada", "DE", "DE", "satellite"),
    "sat-d": place("cos", "US", "US", "satellite", barred=("secret",)),
    "gs-eu": PLACES["gs-eu"],
    "gs-no": PLACES["gs-no"],
    "gs-cn": PLACES["gs-cn"],
    "gs-eu-2": PLACES["gs-eu"],
}
AREA = ClosedArea(0.8, 0.1, 0.9, 0.3, 3000.0, 9000.0)
RULES = (
    rule(),
    rule(id="asks", effect="ask"),
    rule(id="asks-two", effect="ask", action="compute", to_country="any", approvers=2),
    rule(id="no-answer", product="answer", to_country="CN"),
    rule(id="asks-answer", effect="ask", product="answer", to_country="NO", roles=("chief",)),
    rule(id="not-bao", to_country="any", to_operator="bao", action="any", product="any"),
    rule(id="closed", form="close-area", area=AREA),
    rule(id="home", form="no-raw-export", to_country="DE"),
    rule(id="bar", form="bar-export", export_class="secret", to_country="any", to_operator="cos"),
)
ACTS = 'action in [Action::"process", Action::"move", Action::"downlink"]'
TEXTS = (
    '@id("night") forbid (principal, action == Action::"process", resource) '
    "when { context.now_s >= 2000 && context.now_s < 5000 };",
    f'@id("fresh") forbid (principal, {ACTS}, resource) '
    'when { context.level == "raw" && context.now_s - context.captured_s > 4000 };',
    f'@id("named") forbid (principal, {ACTS}, resource == Node::"sat-c") '
    "when { context.now_s > 100 };",
    '@id("day-asks") @ask("a person") forbid (principal, action == Action::"downlink", resource) '
    "when { context.now_s < 3000 } unless { context.approver_count >= 1 };",
    '@id("old-film") forbid (principal, action == Action::"process", resource) '
    "when { context.captured_s == 1234 };",
)
laws = st.tuples(
    st.lists(st.sampled_from(RULES), unique_by=lambda one: one.id, max_size=4).map(tuple),
    st.lists(st.sampled_from(["eu", "us", "china"]), unique=True, max_size=2).map(tuple),
    st.lists(st.sampled_from(TEXTS), unique=True, max_size=3).map("\n".join),
    st.sampled_from([
        Handling(), Handling(people_visible=True),
        Handling(purpose="law-enforcement"), Handling(data_export_classes=("secret",)),
    ]),
)  # fmt: skip
jobs = st.builds(
    lambda origin, captured_s, place_: Job(
        0, origin, float(captured_s), math.inf, 0.0, 1e6, *place_, 0, 0
    ),
    st.integers(SATELLITES, len(NODES) - 1),
    st.sampled_from([0, 1233, 1234, 1235, 2999, 3000, 8999, 9000]),
    st.sampled_from([(0.85, 0.19), (0.0, 0.0), (0.7, -1.5), (math.nan, math.nan)]),
)


def judge_of(law) -> Gate:
    rules, packs, text, handling = law
    return gate(rules, packs, text, NODES, handling)


def asked(law, job: Job, node: int, to: int, act: int, t_s: float, people=()):
    """What a gate says of one act of one job that comes to a node, asked as runs ask it."""
    judge = judge_of(law)
    judge.learn([Captured(job.t_capture_s, replace(job, job_id=7))])
    bring = Move(7, Product.RAW, job.origin, node, (), "")
    if act == BRING:
        return judge.judge(bring, t_s=t_s, approvers=people)
    judge.custody.note(bring)
    compute = Compute(7, node, "screen", "")
    if act == PROCESS:
        return judge.judge(compute, t_s=t_s, approvers=people)
    for stage in STAGES:
        judge.custody.note(replace(compute, stage=stage))
        judge.learn([Computed(job.t_capture_s, 7, node, stage, None)])
    return judge.judge(Move(7, Product.ANSWER, node, to, (), ""), t_s=t_s, approvers=people)


def classes_of(law, some: list[Job], apart=lambda _: None):
    judge = judge_of(law)
    places = node_classes(judge, range(SATELLITES))
    receivers = node_classes(judge, range(SATELLITES, len(NODES)))
    to = [(receivers.of_row[one.origin],) for one in some]
    made = ClassGate(judge, some, to, places, receivers, ("classify",), apart)
    return made, places, receivers


@given(laws, st.lists(jobs, min_size=1, max_size=4), st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_table_is_the_gate(law, some, data):
    made, places, receivers = classes_of(law, some)
    known = made.verdicts()
    for _ in range(6):
        number = data.draw(st.integers(0, len(some) - 1))
        node = data.draw(st.integers(0, SATELLITES - 1))
        t_s = data.draw(st.sampled_from([0.0, 100.9, 101.0, 1999.9, 2000.0, 4999.0, 5001.5, 2e4]))
        job, kind = some[number], int(made.class_of[number])
        receiver = receivers.of_row[job.origin]
        act = data.draw(st.sampled_from([BRING, PROCESS, ANSWER + receiver]))
        rows = slice(int(known.first[kind]), int(known.first[kind + 1]))
        span = rows.start + int(np.searchsorted(known.spans["begins_s"][rows], t_s, "right")) - 1
        found = known.verdicts[span, places.of_row[node], act]
        wanted = asked(law, job, node, job.origin, act, t_s)
        assert known.rules[found["rule"]] == wanted.rule
        assert found["decision"] == STRICTNESS[wanted.decision]


@given(laws, jobs, st.integers(0, SATELLITES - 1), st.integers(0, 2))
@settings(max_examples=25, deadline=None)
def test_who_approved_is_asked_of_the_gate_too(law, job, node, count):
    people = tuple(Approver(f"p{k}", "chief") for k in range(count))
    made, places, receivers = classes_of(law, [job])
    for act in (BRING, PROCESS, ANSWER + receivers.of_row[job.origin]):
        found = made.judge(0, places.of_row[node], act, 50.0, people)
        wanted = asked(law, job, node, job.origin, act, 50.0, people)
        assert found == (STRICTNESS[wanted.decision], wanted.rule)


JOBS = [
    Job(0, SATELLITES + k, float(t_s), math.inf, 0.0, 1e6, 0.85, 0.19, 0, 0)
    for k in range(4) for t_s in (0, 10)
]  # fmt: skip
PLAIN = ((), (), "", Handling())


def test_jobs_and_nodes_that_policy_cannot_tell_apart_are_one_class():
    made, places, receivers = classes_of(PLAIN, JOBS)
    assert len(made.jobs) == len(receivers.rows) == 3  # two stations are alike, times do not count
    assert places.of_row == {0: 0, 1: 1, 2: 0, 3: 2}
    named = ((), (), TEXTS[2], Handling())
    assert len(classes_of(named, JOBS)[1].rows) == SATELLITES  # a policy names one
    timed = ((), (), TEXTS[1], Handling())
    assert len(classes_of(timed, JOBS)[0].jobs) == 6
    assert len(classes_of(PLAIN, JOBS, lambda job: job.origin)[0].jobs) == 4


def test_the_clock_cuts_verdicts_into_spans_and_says_when_all_is_shut():
    known = classes_of(((), (), TEXTS[0], Handling()), JOBS[:1])[0].verdicts()
    assert known.spans["begins_s"].tolist() == [0, 2000, 5000]
    assert known.spans["shut"].tolist() == [0, 0, 0]
    late = TEXTS[0].replace(" && context.now_s < 5000", "")
    known = classes_of(((), (), late, Handling()), JOBS[:1])[0].verdicts()
    assert known.spans["shut"].tolist() == [0, 1]
    assert known.verdicts["decision"][1, :, PROCESS].tolist() == [STRICTNESS["deny"]] * 3


@pytest.mark.parametrize(("packs", "decision"), [((), "allow"), (("eu",), "deny")])
def test_what_is_not_known_of_data_denies_where_it_is_asked(packs, decision):
    nowhere = replace(JOBS[0], latitude_rad=math.nan, longitude_rad=math.nan)
    judge, law = gate((), packs, "", NODES), ((), packs, "", Handling())
    if not packs:
        judge.custody.locate = None
    places = node_classes(judge, range(SATELLITES))
    receivers = node_classes(judge, range(SATELLITES, len(NODES)))
    made = ClassGate(judge, [nowhere], [(0,)], places, receivers, ("classify",))
    assert made.judge(0, 0, BRING, 0.0)[0] == STRICTNESS[decision]
    assert law[1] == packs
