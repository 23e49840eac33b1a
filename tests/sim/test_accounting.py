import pytest

from perigrid.base.errors import InvariantError
from perigrid.base.jobs import Cause, Job, Outcome
from perigrid.base.messages import Leg
from perigrid.sim.accounting import Account, leg_waits_s

JOB = Job(0, 0, 100.0, 7200.0, 1e6, 1e9, 0.0, 0.0, 0, 0)
LEGS = (
    Leg(0, "downlink", 0, 3, 100.0, 160.0, 170.0, 180.0, 180.5, 1e6),
    Leg(-1, "terrestrial", 3, 4, 180.5, 180.5, 180.5, 181.0, 181.25, 1e6),
)


def test_every_second_of_a_route_has_one_cause() -> None:
    waits = leg_waits_s(LEGS, float("inf"))
    assert waits == {Cause.CONTACT: 60.0, Cause.LINK: 21.25}


@pytest.mark.parametrize("until_s", [100.0, 130.0, 165.0, 175.0, 180.7, 500.0])
def test_a_route_cut_short_counts_only_what_passed(until_s: float) -> None:
    waits = leg_waits_s(LEGS, until_s)
    assert sum(waits.values()) == pytest.approx(min(until_s, 181.25) - 100.0)


def test_a_closed_account_must_add_up() -> None:
    account = Account(JOB)
    account.add(leg_waits_s(LEGS, float("inf")))
    account.close(181.25, delivered=True, reason="")
    assert account.outcome is Outcome.DELIVERED
    with pytest.raises(InvariantError, match="twice"):
        account.close(181.25, delivered=True, reason="")


def test_a_lost_second_is_noticed() -> None:
    account = Account(JOB)
    account.add({Cause.CONTACT: 60.0})
    with pytest.raises(InvariantError, match="accounted"):
        account.close(181.25, delivered=False, reason="contact")


def closed_late(waits_s: dict[Cause, float], reason: str, t_s: float) -> Account:
    account = Account(JOB)
    account.add(waits_s)
    account.close(t_s, delivered=False, reason=reason)
    return account


def test_a_late_job_is_missed_for_what_took_longest_and_not_for_what_came_last() -> None:
    account = closed_late({Cause.COMPUTE: 5000.0, Cause.LINK: 40.0}, Cause.CONTACT, 5140.0)
    assert account.reason == "compute"
    assert account.waits_s[Cause.CONTACT] == 7200.0 - 5140.0


def test_a_job_given_up_early_waits_in_the_books_until_its_deadline() -> None:
    account = closed_late({Cause.COMPUTE: 30.0}, Cause.CONTACT, 130.0)
    assert (account.reason, account.t_end_s) == ("contact", JOB.deadline_s)
    assert sum(account.waits_s.values()) == JOB.deadline_s - JOB.t_capture_s


def test_an_answer_after_the_deadline_ends_when_it_came() -> None:
    account = closed_late({Cause.CONTACT: 7000.0, Cause.COMPUTE: 400.0}, Cause.COMPUTE, 7500.0)
    assert (account.reason, account.t_end_s) == ("contact", 7500.0)


@pytest.mark.parametrize("reason", ["cloud", "rule", "fault", "storage"])
def test_what_ends_a_job_by_itself_is_its_reason_however_short(reason: str) -> None:
    account = closed_late({Cause.COMPUTE: 30.0}, reason, 130.0)
    assert (account.reason, account.t_end_s) == (reason, 130.0)
