"""Explanations: what the record stored, what it gives now, and what a replay gives are the same."""

import pytest

from governed import comparison, of_messages, study
from perigrid.base.architecture import ONBOARD, ORBITAL
from perigrid.base.codec import decode
from perigrid.base.decision_words import decision_words, words_digest
from perigrid.base.messages import AskApproval, Compute, Move
from perigrid.control.controller import Controller
from perigrid.fleet.build import build_fleet
from perigrid.ledger.decisions import Book
from perigrid.ledger.source import Source, open_source
from perigrid.report.decision_view import node_names, of_job, rule_text, show
from perigrid.report.run_book import open_book
from perigrid.sim.cores import Cores
from perigrid.sim.replay import jobs_in


@pytest.fixture(scope="module")
def cores():
    return Cores()


def run(name, flown=comparison):
    return open_source(flown() / name)


def replayed_words(source, cores, architecture):
    """Explain every decision of a fresh core that is fed the recorded events."""
    core, jobs = cores.of(source), jobs_in(source.folder / "ledger")
    controller = Controller(core.scenario, core.fleet, core.outlook, architecture, jobs)
    entries = Book(source).entries
    for entry, after in zip(entries, [*entries[1:], None], strict=True):
        if entry["kind"] == "events":
            made = controller.handle(decode(entry["events"]))
            t_s = entry["t_s"]
            if made:
                assert after["kind"] == "actions"
            for one in made:
                yield decision_words(t_s, one.action, one.verdict, core.fleet.names)


@pytest.mark.parametrize("architecture", [ONBOARD, ORBITAL])
def test_every_explanation_of_a_run_is_the_one_stored_at_the_time(architecture, cores):
    """Rules, approvals, refusals, denials and grants are among them."""
    source = run(architecture.name, of_messages)
    names = node_names(source)
    decisions = list(Book(source).decisions())
    from_record = [decision_words(d.t_s, d.action, d.verdict, names) for d in decisions]
    assert [words_digest(words) for words in from_record] == [d.explained for d in decisions]
    assert from_record == list(replayed_words(source, cores, architecture))
    rules = {d.verdict.rule for d in decisions}
    assert {"default", "hand", "approval:refused"} <= rules
    if architecture is ORBITAL:
        assert any(rule.startswith("grant:") for rule in rules)


def one_of_each(source):
    seen = {}
    for one in open_book(source).decisions():
        kind = type(one.action).__name__, one.verdict.decision, one.verdict.rule
        seen.setdefault(kind, one)
    return seen


@pytest.mark.parametrize("flown", [comparison, of_messages])
def test_every_kind_of_decision_is_shown_with_its_proof(cores, flown):
    source = run("onboard", flown)
    kinds = one_of_each(source)
    assert {decision for _, decision, _ in kinds} == {"allow", "ask", "deny"}
    for one in kinds.values():
        shown = show(source, one.number, cores)
        of_people = isinstance(one.action, AskApproval)
        assert shown.same_as_stored or (flown is comparison and not of_people)
        assert shown.same_as_replayed
        told = shown.to_dict()
        assert told["decision"] == one.number
        assert told["proof"]["holds"]
        assert told["why"]["rule"]["text"]
        text = shown.text()
        for line in ("what\n", "why\n", "what if\n", "proof\n"):
            assert f"\n{line}" in text
        answered = one.verdict.rule.startswith("approval:")  # an answer that does not count
        asks_gate = isinstance(one.action, (Move, Compute, AskApproval)) and not answered
        assert (told["what_if"] is not None) is asks_gate


def test_a_forged_reason_is_not_the_explanation_that_was_stored(cores):
    source = run("onboard", of_messages)
    one = next(iter(one_of_each(source).values()))
    shown = show(source, one.number, cores)
    forged = type(shown)(
        **{name: getattr(shown, name) for name in shown.__dataclass_fields__ if name != "words"},
        words=shown.words + "\nBecause I say so.",
    )
    assert forged.same_as_stored is False
    assert forged.same_as_replayed is False
    assert "NOT THE SAME" in forged.text()


def test_without_a_replay_the_record_alone_explains(cores):
    source = run("onboard")
    one = next(iter(one_of_each(source).values()))
    shown = show(source, one.number)
    assert shown.words == show(source, one.number, cores).words
    assert shown.to_dict()["what_if"] is None
    assert "not replayed" in shown.text()


def test_another_scenario_asks_nothing_and_says_so():
    source = run("onboard")
    one = next(iter(one_of_each(source).values()))
    shown = show(source, one.number, Cores(study("rules=[]").scenario))
    assert shown.again is None
    assert shown.notes[0].startswith("the scenario: the run has")


def test_a_request_says_what_was_to_be_signed(cores):
    source = run("onboard")
    asked = next(d for d in open_book(source).decisions() if isinstance(d.action, AskApproval))
    told = show(source, asked.number, cores).to_dict()
    assert told["why"]["asked"]["evidence"] == asked.action.evidence
    assert "unless { context.approver_count >= 1 }" in told["why"]["rule"]["text"]


def test_rules_are_quoted_with_their_source():
    scenario = study().scenario
    known = rule_text(scenario, "eu-raw-stays")
    assert known.text.startswith('@id("eu-raw-stays")')
    assert known.text.endswith(";")
    assert known.text.count("@id(") == 1
    assert "Data Act" in known.source
    assert known.file == "pack eu"
    assert rule_text(scenario, "grant:none").text.startswith("not a policy")
    assert rule_text(scenario, "unheard-of").text == ""


def test_the_decisions_of_a_job_name_its_nodes():
    source = run("onboard")
    rows = of_job(source, 0)
    assert build_fleet(study().scenario).names == node_names(source)
    assert "job 0" in rows[0]["what"]
    assert any("shared-" in row["what"] for row in rows)


def test_a_run_without_a_manifest_has_no_names():
    assert node_names(Source("bare", None, {})) == ()
