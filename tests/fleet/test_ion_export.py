import numpy as np
import pytest

from perigrid.base.time import Epoch
from perigrid.fleet.ion_export import contacts_as_ion, node_number
from perigrid.fleet.model import Contacts
from perigrid.scenario.ion_contact_plan import IonContact, IonRange

START = Epoch.from_iso("2026-08-22T19:00:00.25Z")


def contacts(*rows):
    table = np.array(rows, dtype=float).reshape(-1, 6)
    whole = table[:, :2].astype(np.int64)
    none = np.zeros(len(rows), dtype=np.int64)
    return Contacts(
        none, whole[:, 0], whole[:, 1], table[:, 2], table[:, 3], table[:, 4], table[:, 5], none,
        np.full(len(rows), np.nan),
    )  # fmt: skip


def test_whole_seconds_never_promise_what_is_not_there():
    plan = contacts_as_ion(contacts((0, 1, 10.0, 20.9, 81.0, 0.004)), START)
    assert plan.epoch == Epoch.from_iso("2026-08-22T19:00:00Z")
    assert plan.contacts == (IonContact(11.0, 21.0, 1, 2, 80.0),)
    assert plan.ranges == (IonRange(11.0, 21.0, 1, 2, 1.0),)


def test_a_rate_beyond_what_ion_can_hold_is_cut():
    plan = contacts_as_ion(contacts((0, 1, 10.0, 20.0, 100e9, 0.0)), START)
    assert plan.contacts[0].rate_bps == 8.0 * (2**32 - 1)


def test_decimals_keep_everything():
    plan = contacts_as_ion(contacts((0, 1, 10.0, 20.5, 81.0, 0.004)), START, decimals=True)
    assert plan.contacts == (IonContact(10.25, 20.75, 1, 2, 81.0),)
    assert plan.ranges == (IonRange(10.25, 20.75, 1, 2, 0.004),)


def test_what_ion_cannot_express_is_left_out():
    rows = [(0, 1, 10.1, 10.9, 800.0, 0.0), (0, 1, 11.0, 15.0, 7.0, 0.0)]
    assert contacts_as_ion(contacts(*rows), START).contacts == ()


def test_windows_that_overlap_are_cut():
    rows = [(0, 1, 10.0, 20.0, 8.0, 0.0), (0, 1, 12.0, 18.0, 8.0, 0.0), (0, 1, 15.0, 30.0, 8.0, 0)]
    plan = contacts_as_ion(contacts(*rows), START, decimals=True)
    assert [(one.t_start_s, one.t_end_s) for one in plan.contacts] == [
        (10.25, 20.25),
        (20.25, 30.25),
    ]


@pytest.mark.parametrize("row", [0, 7])
def test_nodes_count_from_one(row):
    assert node_number(row) == row + 1
