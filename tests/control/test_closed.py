from perigrid.base.jobs import Product
from perigrid.control.alternatives import SEVERAL
from perigrid.control.closed import closed_by_rule
from perigrid.control.policy.gate import Gate, Places
from perigrid.scenario.model import Rule

RULE = Rule("keep-home", "deny", "move", "raw", "XX", "any", "pixels stay at home")
GATE = Gate((RULE,), Places(("us",) * 5, ("CN", "XX", "XX", "XX", "CN")))


def test_closed_places_carry_their_rule() -> None:
    told = closed_by_rule(GATE, Product.RAW, [0, 1])
    assert [(one.node, one.t_answer_s, one.why) for one in told] == [
        (1, None, "closed by rule keep-home")
    ]


def test_many_closed_places_are_counted() -> None:
    gate = Gate((RULE,), Places(("us",) * 9, ("XX",) * 9))
    told = closed_by_rule(gate, Product.RAW, range(9))
    assert [one.node for one in told] == [0, 1, SEVERAL]
    assert told[-1].why == "7 more: closed by rule keep-home"


def test_another_product_is_not_closed() -> None:
    assert closed_by_rule(GATE, Product.ANSWER, range(5)) == ()
