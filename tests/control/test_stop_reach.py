"""Arrival of an order at each satellite, against windows whose answer is plain."""

from dataclasses import replace

import pytest

from approval_cases import FLEET, GROUND
from perigrid.control.stop_reach import (
    COMMAND_BPS,
    IN_VIEW,
    LINKED,
    NEVER,
    ORDER_BYTES,
    OUT_OF_REACH,
    stop_reach,
)
from perigrid.fleet.model import ContactKind
from scheduling_cases import contact_table, empty_outlook

UP_S = ORDER_BYTES * 8.0 / COMMAND_BPS + 0.005
ACROSS_S = ORDER_BYTES * 8.0 / 1e9 + 0.005


def test_every_link_state():
    down, cross = ContactKind.DOWNLINK, ContactKind.CROSSLINK
    rows = [
        (down, 0, GROUND, 0.0, 500.0),  # in view
        (cross, 0, 1, 0.0, 500.0),  # linked to it
        (cross, 1, 0, 0.0, 500.0),
        (down, 2, GROUND, 900.0, 1000.0),  # comes into view
        (cross, 2, 3, 950.0, 990.0),  # meets one that has it by then
        (down, 4, GROUND, 50.0, 101.0),  # sets while the order is going up
    ]
    outlook = replace(empty_outlook(FLEET), contacts=contact_table(rows))
    reaches = stop_reach(outlook, FLEET.n_satellites, 100.0)
    assert [one.state for one in reaches] == [IN_VIEW, LINKED, OUT_OF_REACH, OUT_OF_REACH] + [
        NEVER
    ] * (FLEET.n_satellites - 4)
    latencies_s = [one.latency_s for one in reaches]
    assert latencies_s[0] == pytest.approx(UP_S)
    assert latencies_s[1] == pytest.approx(UP_S + ACROSS_S)
    assert latencies_s[2] == pytest.approx(800.0 + UP_S)
    assert latencies_s[3] == pytest.approx(850.0 + ACROSS_S)
    assert latencies_s[4] == float("inf")
