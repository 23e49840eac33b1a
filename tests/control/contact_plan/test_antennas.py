"""What contacts need of radios and antennas."""

import numpy as np

from missions import SCENARIO
from perigrid.control.contact_plan.antennas import NO_ANTENNAS, Antennas, antennas_of, needs
from perigrid.fleet.build import build_fleet
from perigrid.fleet.model import ContactKind, NodeKind
from scheduling_cases import contact_table

DOWN, CROSS, RELAY = ContactKind.DOWNLINK, ContactKind.CROSSLINK, ContactKind.RELAY
ROWS = [(DOWN, 1, 4, 0.0, 9.0), (CROSS, 0, 1, 0.0, 9.0), (CROSS, 1, 0, 0.0, 9.0),
        (DOWN, 0, 4, 1.0, 9.0), (DOWN, 1, 5, 2.0, 9.0), (RELAY, 0, 6, 3.0, 9.0)]  # fmt: skip


def test_a_link_is_its_own_and_a_radio_and_antennas_are_shared() -> None:
    users, items = needs(contact_table(ROWS), 7, {4: Antennas(2, 30.0), 6: Antennas(8, 30.0)})
    # Three links of lasers, the radios of satellites 0 and 1, two antennas, and the gateway's.
    assert items["turn_s"].tolist() == [0.0] * 5 + [30.0] * 10
    assert users.sender.tolist() == [4, 0, 1, 3, 4, 2]
    assert users.antenna.tolist() == [5, -1, -1, 5, -1, -1]
    assert users.antennas.tolist() == [2, 0, 0, 2, 0, 0]  # station 5 never lacks any
    assert (items["first"] == -1).all()
    assert (items["over_s"] == -np.inf).all()


def test_no_contact_needs_nothing() -> None:
    users, items = needs(contact_table([]), 7, NO_ANTENNAS)
    assert len(users.sender) == len(items) == 0


def test_stations_have_the_antennas_of_the_scenario() -> None:
    fleet = build_fleet(SCENARIO)
    found = antennas_of(fleet)
    for row in fleet.rows(NodeKind.STATION).tolist():
        station = fleet.stations[row]
        assert found[row] == (station.antennas, station.antenna_turnaround_s)
