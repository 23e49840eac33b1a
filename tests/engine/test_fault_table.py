"""Schedules of faults as tables of the loop."""

import numpy as np

from perigrid.base.architecture import ORBITAL
from perigrid.engine.columns import TRY
from perigrid.engine.fault_table import dead_contacts, fault_figures, turn_table
from perigrid.engine.state import Count, Ended
from perigrid.fleet.faults import FaultKind, FaultSchedule
from perigrid.fleet.model import ContactKind
from perigrid.fleet.windows import contact_rows, merge_contacts
from tests.engine.plain import built

NEVER = float("inf")


def schedule(*rows):
    kind, node, start_s, end_s, detected = zip(*rows, strict=True)
    return FaultSchedule(
        np.array(kind, dtype=np.int8), np.array(node), np.full(len(rows), 1), np.array(start_s),
        np.array(end_s), np.array(detected),
    )  # fmt: skip


def test_faults_begin_and_end_in_order_of_time():
    turns = turn_table(
        schedule(
            (FaultKind.CRASH, 0, 1.0, 9.0, True),
            (FaultKind.LOSS, 1, 2.0, NEVER, True),
            (FaultKind.CORRUPTION, 2, 3.0, 3.0, False),
            (FaultKind.ACQUISITION, 0, 4.0, 5.0, True),
            (FaultKind.WEATHER, 3, 9.0, 12.0, True),
        )
    )
    told = [(one["t_s"], one["kind"], one["node"], one["begins"]) for one in turns]
    assert told == [
        (1.0, FaultKind.CRASH, 0, 1), (2.0, FaultKind.LOSS, 1, 1),
        (3.0, FaultKind.CORRUPTION, 2, 1), (9.0, FaultKind.CRASH, 0, 0),
        (9.0, FaultKind.WEATHER, 3, 1), (12.0, FaultKind.WEATHER, 3, 0),
    ]  # fmt: skip
    assert not turns["detected"][2]


def test_both_directions_of_the_window_that_failed_are_dead():
    lasers = contact_rows(
        ContactKind.CROSSLINK, source=[0, 1, 0], target=[1, 0, 1], t_start_s=[5.0, 5.0, 50.0],
        t_end_s=[20.0, 20.0, 60.0], rate_bps=[1e9] * 3, light_time_s=[0.01] * 3,
    )  # fmt: skip
    radio = contact_rows(
        ContactKind.DOWNLINK, source=[0], target=[1], t_start_s=[5.0], t_end_s=[20.0],
        rate_bps=[1e6], light_time_s=[0.01],
    )  # fmt: skip
    contacts = merge_contacts([radio, lasers])
    dead = dead_contacts(schedule((FaultKind.ACQUISITION, 0, 5.0, 20.0, True)), contacts)
    assert dead.sum() == 2
    assert set(contacts.kind[dead]) == {ContactKind.CROSSLINK}
    assert set(contacts.t_start_s[dead]) == {5.0}
    assert not dead_contacts(schedule((FaultKind.CRASH, 0, 5.0, 20.0, True)), contacts).any()


def test_a_run_without_faults_has_no_figures_of_them(world):
    w = built(world, ORBITAL)
    assert len(w.turns) == len(w.tries) == w.con["faulty"][0] == 0
    assert fault_figures(w, 0) is None
    w = w._replace(tries=np.zeros((len(w.jobs), 1), dtype=TRY))
    w.tries["wrong"][[2, 5]], w.jobs["ended"][5] = 1, Ended.DELIVERED
    w.con["faulty"], w.counts[Count.WEATHER] = 1, 4
    figures = fault_figures(w, 3)
    assert figures["by_kind"]["weather"] == 4
    assert figures["quarantines"] == 3
    assert figures["wrong_answers"] == 1, "the other was not delivered"
