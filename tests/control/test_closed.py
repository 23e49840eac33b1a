"""Places that a rule closes to pixels, by name of the rule."""

from dataclasses import replace

from core_cases import CROSS, DOWN, FLEET, GROUND, JOB, core
from missions import SCENARIO
from perigrid.base.architecture import ORBITAL
from perigrid.base.jobs import Product
from perigrid.base.messages import Alternative
from perigrid.control.alternatives import SEVERAL
from perigrid.control.controller import Controller
from perigrid.scenario.model import Rule

ROWS = [(DOWN, 0, GROUND, 0.0, 100.0), (CROSS, 0, 1, 0.0, 100.0)]


def ruled(product: str) -> Controller:
    rule = Rule("keep-home", "deny", "move", product, "any", "any", "pixels stay at home")
    return core(ORBITAL, rows=ROWS, scenario=replace(SCENARIO, rules=(rule,)))


def test_many_closed_places_are_counted_and_carry_their_rule() -> None:
    told = ruled("raw").belief.ruled_out(JOB)
    assert told[:2] == tuple(Alternative(one, None, "closed by rule keep-home") for one in (0, 1))
    assert told[2].node == SEVERAL
    assert told[2].why == f"{FLEET.n_satellites - 2} more: closed by rule keep-home"


def test_another_product_is_not_closed() -> None:
    belief = ruled("answer").belief
    assert belief.ruled_out(JOB) == ()
    assert belief.open_nodes(0, Product.RAW).mask.all()
    assert not belief.open_nodes(0, Product.ANSWER).mask.any()
