"""A live run asks through its inbox; what is signed there is what it does."""

import math
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from perigrid.base.approvals import RESUME, SignedOrder
from perigrid.base.architecture import ONBOARD
from perigrid.base.errors import InputError
from perigrid.base.messages import AskApproval, Compute
from perigrid.base.withheld import Told
from perigrid.control.policy.approval.roster import Roster
from perigrid.ledger.audit import verify_run
from perigrid.ledger.decisions import Book
from perigrid.ledger.personal import read_personal
from perigrid.ledger.record import read_record
from perigrid.ledger.source import Source
from perigrid.live.agent import Finding, Models
from perigrid.live.approval_inbox import ApprovalInbox
from perigrid.live.asking import ModelledPeople, PeopleAtInbox
from perigrid.live.people import new_person, private_key, read_people, roster_from
from perigrid.live.runner import fly_live
from perigrid.scenario.model import Rule
from perigrid.sim.world import World

WHY = Told("the smoke was steam", b"w" * 32)
ASK = Rule("watch", "ask", "compute", "any", "any", "any", "a person watches computing")


def test_models_say_it_all_at_once(live_world: World) -> None:
    people = ModelledPeople(live_world.scenario)
    assert people.look_again_s == math.inf
    people.begin({"scenario": "s"}, ("A",), Roster())
    assert people.opening() == people.heard(5.0) == []
    asked = AskApproval(0, "r", None, "s", "e", 10.0, 900.0)
    assert people.ask(asked).granted


@pytest.mark.live
def test_a_live_run_waits_for_a_person(
    live_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Models, "run", lambda *_: Finding(1.0, "?"))
    new_person(tmp_path / "keys", "chief", "pilot")
    key, role = private_key(tmp_path / "keys", "chief")
    first_s = live_world.jobs[0].t_capture_s
    world = replace(live_world, scenario=replace(live_world.scenario, rules=(ASK,)))
    people = PeopleAtInbox(tmp_path / "inbox", 20.0)
    done = threading.Event()

    def watch() -> None:
        inbox, ordered = ApprovalInbox(tmp_path / "inbox"), False
        while not done.wait(0.02):
            if not ordered and (tmp_path / "inbox" / "now.json").exists():
                lift = SignedOrder(RESUME, (), "", WHY.withheld, "", role, 0.0, 60.0, "")
                ordered = inbox.order(lift, key, WHY) is not None
            for asked in inbox.open_requests():
                try:
                    inbox.answer(asked.id, key, role)
                except InputError:  # answered, settled, or no time told yet
                    continue

    person = threading.Thread(target=watch)
    person.start()
    try:
        fly_live(
            world, ONBOARD, tmp_path / "run", speed=600.0, until_s=first_s + 900.0,
            people=people, roster=roster_from(read_people(tmp_path / "keys")),
        )  # fmt: skip
    finally:
        done.set()
        person.join()
    entries = list(read_record(tmp_path / "run" / "ledger"))
    said = [e for entry in entries if entry["kind"] == "events" for e in entry["events"]]
    (given,) = [one["order"] for one in said if one["type"] == "Ordered"]
    assert given["nonce"].startswith(f"{entries[0]['pins']['nonce']} {given['signer']}")
    made = [row for e in entries if e["kind"] == "actions" for row in e["decisions"]]
    assert {row["verdict"]["rule"] for row in made if row["action"]["type"] == "Acknowledge"} == {
        "resume"
    }
    book = Book(Source("run", tmp_path / "run"))
    computing = [one for one in book.decisions() if isinstance(one.action, Compute)]
    assert {one.key for each in computing for one in book.signatures(each)} == {
        key.verify_key.signer_id
    }
    answered = [one for one in said if one["type"] == "ApprovalAnswered"]
    assert answered
    assert {one["approvals"][0]["signer"] for one in answered} == {key.verify_key.signer_id}
    computed = {one["job_id"] for one in said if one["type"] == "Computed"}
    assert computed
    assert computed <= {one["job_id"] for one in answered}
    run = Source("run", tmp_path / "run")
    assert verify_run(run).ok
    (chief,), (order,) = read_personal(run)
    assert (chief.name, chief.keys) == ("chief", (key.verify_key.signer_id,))
    assert (order.kind, order.key, order.words) == (RESUME, chief.keys[0], WHY.value)
    files = [*(tmp_path / "run").rglob("*"), *(tmp_path / "inbox").rglob("*")]
    for place in (one for one in files if one.is_file() and one.name != "side.jsonl"):
        assert b"chief" not in place.read_bytes()
        assert WHY.value.encode() not in place.read_bytes()
