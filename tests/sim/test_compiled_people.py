"""Missions with people, orders, grants and limits of autonomy: compiled, as in Python, to the end."""

from __future__ import annotations

from dataclasses import dataclass

from governed import OVERRIDES

PEOPLE = (
    "approvers=[{name: vega, role: flight-director, delay_minutes: 3, grants_share: 0.7},"
    " {name: okafor, role: safety-officer, delay_minutes: 4}]"
)
ORDERS = (
    "orders=[{kind: stop, by: vega, at_hours: 0.3, for_hours: 0.1, reason: smoke},"
    " {kind: resume, by: okafor, at_hours: 0.35, for_hours: 0.1, reason: no smoke}]"
)
ENVELOPES = "envelopes=[{id: first, actions: [compute], from_hours: 0, until_hours: 0.2}]"
ALONE = ("hours=0.6", "pipeline.executed_scenes=4", "jurisdiction=eu")


@dataclass
class Case:
    """A mission, and what has to happen in it."""

    architecture: str
    overrides: tuple[str, ...]
    kinds: set[str]
    events: set[str]


CASES = {
    "asked": Case("onboard", (*OVERRIDES, PEOPLE), {"ask"}, {"ApprovalAnswered"}),
    "ordered": Case(
        "orbital", (*OVERRIDES, PEOPLE, ORDERS), {"ask", "stop", "resume"}, {"Ordered"}
    ),
    "stopped": Case("orbital", (*ALONE, PEOPLE, ORDERS), {"stop"}, {"Ordered", "AuthorityExpired"}),
    "lent": Case("orbital", ("hours=3",), set(), set()),
    "alone": Case("onboard", (*ALONE, "autonomy_hours=0.2"), set(), set()),
}
