"""The people of a simulation: hours of duty, delays, answers, and signatures that count."""

from dataclasses import replace

import numpy as np
import pytest

from approval_cases import DIRECTOR, MISSION, OFFICER, OVERSIGHT, TWO
from missions import SCENARIO
from perigrid.base.approvals import Withheld
from perigrid.base.codec import canonical_json, encode
from perigrid.base.messages import AskApproval, Compute
from perigrid.base.signed_text import is_signed_by
from perigrid.base.signing import SigningKey
from perigrid.base.time import Epoch
from perigrid.control import approver_model
from perigrid.control.approver_model import (
    SimulatedPeople,
    cards_of,
    on_duty_s,
    people_of,
    roster_of,
    settle,
    simulated_key,
)
from perigrid.control.policy.approval.book import ApprovalBook, Request
from perigrid.control.policy.approval.intake import request_of
from perigrid.control.policy.approval.signed import sign
from perigrid.scenario.model import Approver
from perigrid.scenario.oversight import Oversight, PersonModel, PlannedOrder

SUBJECT = Compute(0, 0, "screen", "")
ASKED = AskApproval(0, "r", SUBJECT, "abc", "seen", 100.0, 50_000.0, 2, TWO.roles)


def with_people(*people: PersonModel):
    return replace(MISSION, oversight=replace(OVERSIGHT, people=people))


def test_the_last_of_those_wanted_settles_it_and_the_signatures_count():
    answer = SimulatedPeople(with_people(DIRECTOR, OFFICER)).answer(ASKED)
    assert (answer.t_s, answer.granted, len(answer.approvals)) == (220.0, True, 2)
    book = ApprovalBook(roster_of(MISSION))
    book.ask(request_of(ASKED))
    assert [book.add(one, answer.t_s) for one in answer.approvals] == [None, None]
    assert book.lacking("abc", "seen", answer.t_s) is None


def test_a_refusal_that_nobody_can_make_good_ends_it_at_once():
    never = replace(DIRECTOR, grants_share=0.0)
    answer = SimulatedPeople(with_people(never, OFFICER)).answer(ASKED)
    assert (answer.t_s, answer.granted, len(answer.approvals)) == (160.0, False, 1)
    other = replace(DIRECTOR, name="night", delay_s=5000.0)
    answer = SimulatedPeople(with_people(never, OFFICER, other)).answer(ASKED)
    assert (answer.t_s, answer.granted) == (5100.0, True)


def test_nobody_in_time_is_no_grant():
    slow = replace(OFFICER, delay_s=1e6)
    answer = SimulatedPeople(with_people(DIRECTOR, slow)).answer(ASKED)
    assert (answer.t_s, answer.granted, len(answer.approvals)) == (ASKED.expires_s, False, 1)


def test_settle_of_nobody():
    request = Request("s", "e", 1, (), 0.0, 9.0)
    assert settle(request, []).t_s == 9.0


@pytest.mark.parametrize(
    ("t_hours", "waits_hours"), [(0.0, 1.0), (1.0, 0.0), (8.9, 0.0), (9.0, 16.0), (20.0, 5.0)]
)
def test_hours_of_duty_are_local(t_hours, waits_hours):
    person = replace(DIRECTOR, from_hour=9.0, until_hour=17.0, utc_offset_s=2.0 * 3600.0)
    start = Epoch.from_iso("2026-08-22T06:00:00Z")
    t_s = t_hours * 3600.0
    assert on_duty_s(person, start, t_s) == pytest.approx(t_s + waits_hours * 3600.0, abs=1e-6)


def test_a_night_shift_goes_over_midnight():
    person = replace(DIRECTOR, from_hour=22.0, until_hour=6.0)
    start = Epoch.from_iso("2026-08-22T00:00:00Z")
    assert on_duty_s(person, start, 5.0 * 3600.0) == 5.0 * 3600.0
    assert on_duty_s(person, start, 7.0 * 3600.0) == 22.0 * 3600.0


def test_delays_are_lognormal_about_their_median():
    people = SimulatedPeople(with_people(replace(DIRECTOR, delay_spread=2.0)))
    asked = replace(ASKED, people=1, roles=(), expires_s=1e9)
    delays_s = np.array([people.answer(asked).t_s - 100.0 for _ in range(400)])
    assert np.median(delays_s) == pytest.approx(60.0, rel=0.15)  # 4 standard errors
    assert np.std(np.log(delays_s)) == pytest.approx(np.log(2.0), rel=0.15)
    again = SimulatedPeople(with_people(replace(DIRECTOR, delay_spread=2.0)))
    assert again.answer(asked).t_s - 100.0 == delays_s[0]


def test_the_one_approver_of_old_is_a_person():
    one = replace(SCENARIO, approver=Approver(33.0, grants=False), oversight=Oversight())
    (person,) = people_of(one)
    assert (person.delay_s, person.grants_share, person.role) == (33.0, 0.0, "approver")


def test_a_real_key_stands_for_its_person_who_then_is_not_simulated():
    real = SigningKey("chief", b"7" * 32)
    person = replace(OFFICER, key=real.verify_key.encode())
    mission = with_people(DIRECTOR, person)
    roster = roster_of(mission)
    assert roster.find(real.verify_key.signer_id) is not None
    assert roster.find(simulated_key(OFFICER, MISSION.seed).verify_key.signer_id) is None
    assert not SimulatedPeople(mission).answer(ASKED).granted


def test_planned_orders_are_signed():
    order = PlannedOrder("stop", "person-1", 50.0, 100.0, ("sso-0",), "smoke")
    people = SimulatedPeople(replace(MISSION, oversight=replace(OVERSIGHT, orders=(order,))))
    (event,) = people.opening()
    assert (event.t_s, event.order.expires_s, event.order.nodes) == (50.0, 150.0, ("sso-0",))


def test_only_answers_that_are_sent_are_signed(monkeypatch):
    signed = []
    monkeypatch.setattr(approver_model, "sign", lambda *one: signed.append(one) or sign(*one))
    other = replace(DIRECTOR, name="night", delay_s=5000.0)
    answer = SimulatedPeople(with_people(DIRECTOR, other)).answer(
        replace(ASKED, people=1, roles=())
    )
    assert (answer.granted, len(answer.approvals), len(signed)) == (True, 1, 1)
    assert is_signed_by(answer.approvals[0], simulated_key(DIRECTOR, MISSION.seed).verify_key)


def test_who_people_are_is_told_beside_their_pseudonyms():
    ada = replace(DIRECTOR, name="ada")
    mission = with_people(ada, replace(OFFICER, name="ada"), replace(OFFICER, name="bob"))
    one, other = cards_of(mission)
    assert (one["name"], one["roles"]) == ("ada", ["flight-director", "safety-officer"])
    assert one["keys"] == [simulated_key(DIRECTOR, mission.seed).verify_key.signer_id]
    assert other["name"] == "bob"
    assert cards_of(mission, roster_of(MISSION))[0]["name"] == "person-1"
    assert cards_of(SCENARIO) == []


def test_names_make_no_other_keys_and_reasons_stay_out_of_what_is_signed():
    order = PlannedOrder("stop", "ada", 50.0, 100.0, (), "smoke")
    renamed = with_people(replace(DIRECTOR, name="ada"))
    mission = replace(renamed, oversight=replace(renamed.oversight, orders=(order,)))
    people = SimulatedPeople(mission)
    (event,) = people.opening()
    assert "smoke" not in canonical_json(encode(event))
    assert people.reason(event.order).value == "smoke"
    assert is_signed_by(event.order, simulated_key(DIRECTOR, mission.seed).verify_key)
    assert people.reason(replace(event.order, reason=Withheld("00"))) is None
    assert people.opening() == SimulatedPeople(mission).opening()
