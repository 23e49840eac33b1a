"""Windows of a scenario by pair, and as a contact plan."""

from dataclasses import replace

import numpy as np
import pytest

from perigrid.base.time import Epoch
from perigrid.fleet.ion_export import contacts_as_ion
from perigrid.fleet.model import Contacts
from perigrid.fleet.pass_schedule import Fate, Passes
from perigrid.scenario.ion_reader import parse_ion
from perigrid.scenario.load import load_scenario
from perigrid.sim.contact_list import PASS_COLUMNS, WINDOW_COLUMNS, ContactList, list_contacts
from tests.flight_cases import small

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


@pytest.fixture
def five_passes(three_windows):
    """Three that are open, one that is too short, one that is too weak."""
    passes = Passes(
        satellite=np.array([0, 1, 1, 0, 1]),
        station=np.array([2, 2, 2, 2, 3]),
        rise_s=np.array([10.0, 15.0, 60.0, 100.0, 200.0]),
        set_s=np.array([40.0, 50.0, 65.0, 110.0, 260.0]),
        max_elevation_rad=np.full(5, np.pi / 6),
        rate_bps=np.array([80.0, 80.0, 0.0, 160.0, 0.0]),
        light_time_s=np.full(5, 0.01),
        fate=np.array([Fate.OPEN, Fate.OPEN, Fate.TOO_SHORT, Fate.OPEN, Fate.TOO_WEAK], np.int8),
    )
    names = ("A", "B", "Dish", "Far")
    return replace(three_windows, names=names, passes=passes, antennas={2: 1, 3: 2})


def test_all_that_is_in_sight_is_listed_with_its_fate(five_passes):
    rows = five_passes.access()
    assert all(tuple(row) == PASS_COLUMNS for row in rows)
    assert [row["fate"] for row in rows] == ["open", "open", "too short", "open", "too weak"]
    assert (rows[1]["start_s"], rows[1]["end_s"]) == (15.0, 50.0)
    assert rows[0]["max_elevation_deg"] == pytest.approx(30.0)


def test_what_cannot_be_used_and_where_antennas_lack_is_counted_by_station(five_passes):
    dish, far = five_passes.stations()
    assert dish == {
        "station": "Dish",
        "passes": 4,
        "open": 3,
        "too short": 1,
        "too weak": 0,
        "open_s": 75.0,
        "antennas": 1,
        "crowded_s": 25.0,  # from 15 s, when B rises too, to 40 s
    }
    assert (far["station"], far["passes"], far["open"], far["too weak"]) == ("Far", 1, 0, 1)
    assert far["crowded_s"] == 0.0
    assert five_passes.to_dict()["stations"] == [dish, far]
    assert replace(five_passes, antennas={2: 2, 3: 2}).stations()[0]["crowded_s"] == 0.0


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


def test_windows_are_listed_also_of_what_flies_over_routes():
    asked = small("hours=0.1")
    listed = list_contacts(asked)
    assert listed.contacts.kind.size > 0
    assert listed.windows() == list_contacts(replace(asked, jobs=None)).windows()
