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
