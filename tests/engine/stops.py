"""A small mission with people, and orders of theirs that hold nodes for a while."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from missions import SCENARIO
from perigrid.scenario.model import Scenario
from perigrid.scenario.oversight import Oversight, PlannedOrder
from tests.sim.test_oversight import PEOPLE, STOP, TWO

STOPS = (
    replace(STOP, reason="all"),
    PlannedOrder("stop", "day", 6000.0, 5400.0, ("sso-0000", "sso-0001", "relay"), "some"),
    PlannedOrder("resume", "ops", 9000.0, 1800.0, ("sso-0000", "sso-0001", "relay"), "better"),
    PlannedOrder("stop", "ops", 12000.0, 1800.0, (), "again"),
)


def mission(**changes: Any) -> Scenario:
    oversight = Oversight(PEOPLE, changes.pop("terms", TWO), **changes.pop("oversight", {}))
    return replace(SCENARIO, duration_s=6 * 3600.0, oversight=oversight, **changes)
