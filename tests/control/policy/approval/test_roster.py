import pytest

from perigrid.base.errors import InputError
from perigrid.base.signing import COSIGNATURE, SigningKey, VerifyKey
from perigrid.control.policy.approval.roster import Person, Roster

KEY = SigningKey.simulated("a", 1).verify_key


def test_a_revoked_key_counts_until_then():
    roster = Roster([Person("a", ("pilot",), (KEY,), revoked_s=10.0)])
    key_id = KEY.signer_id
    assert roster.find(key_id) == (roster.people[0], KEY)
    assert roster.in_force(key_id, 9.9)
    assert not roster.in_force(key_id, 10.0)
    assert not roster.in_force("00000000", 0.0)
    assert roster.find("00000000") is None


@pytest.mark.parametrize("names", [("a", "b"), ("a", "a")])
def test_two_people_share_neither_name_nor_key(names):
    with pytest.raises(InputError, match="two"):
        Roster(Person(name, (), (KEY,)) for name in names)


def test_one_key_in_two_kinds_is_no_second_person():
    witness = VerifyKey(KEY.name, KEY.public, COSIGNATURE)
    with pytest.raises(InputError, match="the same key"):
        Roster([Person("a", (), (KEY,)), Person("b", (), (witness,))])
    assert Roster([Person("a", (), (KEY, witness))]).find(witness.signer_id) is not None
