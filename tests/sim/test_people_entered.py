"""What people say and are asked: entered in the record, and counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from flights import world_of
from perigrid.base.architecture import ONBOARD
from perigrid.base.jobs import Product
from perigrid.base.messages import AskApproval, AuthorityExpired, Move, Verdict
from perigrid.control.policy.authorize import Authorized
from perigrid.engine.state import Clock, Filled
from perigrid.engine.state import World as Flown
from perigrid.ledger.record import RecordWriter, read_record
from perigrid.sim.deserialise import deserialise
from perigrid.sim.people_record import PeopleRecord
from perigrid.sim.serialise import serialise
from perigrid.sim.world import World
from tests.engine.plain import plain
from tests.engine.stops import STOPS, mission

JOB = 3
ASKED = AskApproval(JOB, "hand", Move(JOB, Product.RAW, 0, 1, (), ""), "s", "e", 40.0, 4e3, 1)


@pytest.fixture(scope="module")
def stopped(world: World) -> World:
    return world_of(mission(oversight={"orders": STOPS[:1]}), world.bank)


@pytest.fixture
def record(tmp_path: Path):
    writer = RecordWriter(tmp_path / "ledger")
    yield writer
    writer.close()


def people_of(world: World, record: RecordWriter) -> tuple[PeopleRecord, Flown]:
    people, w = PeopleRecord(world), plain(world, ONBOARD)
    people.write_to(record)
    people.see(w)
    return people, w


def begin(w: Flown, t_s: float) -> None:
    row = w.log.filled[Filled.BEGUN]
    w.log.begun[row].job, w.log.begun[row].t_s = JOB, t_s
    w.log.filled[Filled.BEGUN] += 1


def asked_and_answered(people: PeopleRecord, w: Flown, t_s: float) -> float:
    w.clock[Clock.NOW] = t_s
    people.wanted(Authorized(ASKED, Verdict("ask", "hand", "people look")))
    answer = replace(people.ask(t_s, replace(ASKED, asked_s=t_s)), granted=True)
    people.heard(answer)
    return answer.t_s


def test_messages_are_entered_in_order_and_acts_counted_between(
    stopped: World, record: RecordWriter, tmp_path: Path
) -> None:
    people, w = people_of(stopped, record)
    first_s = asked_and_answered(people, w, 40.0)
    begin(w, first_s + 60.0)
    second_s = asked_and_answered(people, w, first_s + 100.0)
    assert w.log.filled[Filled.BEGUN] == 0, "what was begun before an answer was counted then"
    begin(w, second_s + 20.0)
    people.begun(w.log.begun[:1])
    people.heard(AuthorityExpired(second_s + 30.0, JOB, 0))
    figures = people.figures()
    assert (figures["asked"], figures["granted"]) == (2, 2)
    assert figures["age_s"]["n"] == 2
    assert figures["age_s"]["max"] == pytest.approx(60.0)
    (stop,) = people.opening
    people.heard(stop)
    assert len(people.figures()["stops"]) == 1
    record.sync()
    entries = list(read_record(tmp_path / "ledger"))
    assert [one["kind"] for one in entries] == ["actions", "events"] * 2 + ["events"]
    assert entries[2]["t_s"] == first_s + 100.0
    assert entries[-1]["events"][0]["type"] == "Ordered"
    (reason,) = record.side.entries()
    assert reason.value == "all"


def test_people_go_on_where_a_checkpoint_left_them(stopped: World, record: RecordWriter) -> None:
    people, w = people_of(stopped, record)
    answered_s = asked_and_answered(people, w, 40.0)
    people.heard(people.opening[0])
    state = serialise({"people": people.state()}, people.catalogue)
    fresh, _ = people_of(stopped, record)
    fresh.restore(deserialise(b"".join(map(bytes, state)), fresh.catalogue)["people"])
    begin(w, answered_s + 50.0)
    for one in (people, fresh):
        one.begun(w.log.begun[:1])
    assert fresh.figures() == people.figures()
    asked = replace(ASKED, asked_s=500.0)
    assert fresh.ask(500.0, asked) == people.ask(500.0, asked), "they draw on"
