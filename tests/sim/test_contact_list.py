"""Windows of a scenario by pair, and as a contact plan."""

import numpy as np
import pytest

from perigrid.base.time import Epoch
from perigrid.fleet.ion_export import contacts_as_ion
from perigrid.fleet.model import Contacts
from perigrid.scenario.ion_reader import parse_ion
from perigrid.scenario.load import load_scenario
from perigrid.sim.contact_list import WINDOW_COLUMNS, ContactList, list_contacts

START = Epoch.from_iso("2026-08-22T19:00:00Z")


@pytest.fixture
def three_windows():
    whole = np.array([0, 0, 0])
    table = Contacts(
        kind=whole,
        source=np.array([0, 1, 0]),
        target=np.array([2, 2, 2]),
        t_start_s=np.array([10.0, 20.0, 100.0]),
        t_end_s=np.array([40.0, 50.0, 110.0]),
        rate_bps=np.array([80.0, 80.0, 160.0]),
        light_time_s=np.full(3, 0.01),
        hops=whole,
        max_elevation_rad=np.full(3, 1.0),
    )
    return ContactList("tiny", START, ("A", "B", "Dish"), table)


def test_windows_of_a_pair_are_summed(three_windows):
    first, second = three_windows.pairs()
    assert first == {
        "kind": "downlink",
        "source": "A",
        "target": "Dish",
        "windows": 2,
        "first_start_s": 10.0,
        "open_s": 40.0,
        "longest_s": 30.0,
        "volume_bytes": 30.0 * 10.0 + 10.0 * 20.0,
    }
    assert (second["source"], second["windows"]) == ("B", 1)
    assert all(tuple(window) == WINDOW_COLUMNS for window in three_windows.windows())


def test_the_plan_for_ion_names_its_nodes(three_windows):
    lines = three_windows.ion().splitlines()
    assert lines[:5] == [
        "# contact plan of tiny: 3 of its 3 windows",
        "# node 1 = A",
        "# node 2 = B",
        "# node 3 = Dish",
        "@ 2026/08/22-19:00:00",
    ]
    assert lines[5] == "a contact +10 +40 1 3 10"


def test_a_real_scenario_gives_a_plan_that_reads_back():
    listed = list_contacts(load_scenario("three-body", overrides=("hours=1",)))
    assert sum(pair["windows"] for pair in listed.pairs()) == len(listed.contacts) > 0
    for decimals in (False, True):
        expected = contacts_as_ion(listed.contacts, listed.start, decimals=decimals)
        assert parse_ion(listed.ion(decimals=decimals), "p") == expected
    assert len(expected.contacts) == len(listed.contacts)
