import json

from perigrid.base.approvals import Withheld
from perigrid.base.codec import decode, encode
from perigrid.base.withheld import SALT_BYTES, Told, commit, simulated_salts


def test_simulated_salts_repeat_and_never_within_a_run():
    one, same, other = simulated_salts(7), simulated_salts(7), simulated_salts(8)
    salts = [one() for _ in range(50)]
    assert salts == [same() for _ in range(50)]
    assert len({*salts, other()}) == 51


def test_salts_of_one_purpose_are_never_those_of_another():
    assert simulated_salts(7, "orders")() != simulated_salts(7)()
    assert len(simulated_salts(7)()) == SALT_BYTES


def test_what_was_told_goes_into_a_message_as_its_salted_hash():
    told = Told("smoke", b"s" * 32)
    assert told.withheld == Withheld(commit("smoke", b"s" * 32))
    assert told.withheld != Told("smoke", b"t" * 32).withheld
    written = json.dumps(encode(told.withheld))
    assert "smoke" not in written
    assert decode(json.loads(written)) == told.withheld
