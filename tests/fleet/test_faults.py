"""Fault schedules: seeded, each kind on its own stream, at the rates asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from missions import CENTRES, COMPUTE, SCENARIO, with_group
from perigrid.fleet.build import build_fleet
from perigrid.fleet.faults import (
    FaultKind,
    FaultSchedule,
    checkpoint_intervals_s,
    crash_between_s,
    draw_faults,
)
from perigrid.fleet.model import Fleet, Outlook
from perigrid.fleet.outlook import build_outlook
from perigrid.scenario.faults import Faults, Recovery
from perigrid.scenario.model import Radiation, Scenario

HOUR_S = 3600.0
STORM = Faults(
    crash_between_s=HOUR_S,
    corruption_between_s=HOUR_S / 2.0,
    detected_share=0.7,
    loss_between_s=6.0 * HOUR_S,
    station_between_s=2.0 * HOUR_S,
    weather_between_s=3.0 * HOUR_S,
    acquisition_failure_share=0.3,
)
MISSION = with_group(
    replace(SCENARIO, faults=STORM), "compute", radiation=Radiation(0.01, "commercial", 30.0)
)


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    return build_fleet(MISSION)


@pytest.fixture(scope="module")
def outlook(fleet: Fleet) -> Outlook:
    return build_outlook(MISSION, fleet)


def drawn(scenario: Scenario, fleet: Fleet, outlook: Outlook | None, seed: int) -> FaultSchedule:
    return draw_faults(scenario, fleet, outlook, np.random.default_rng(seed))


def rows(schedule: FaultSchedule, kind: FaultKind) -> list[tuple[float, ...]]:
    kept = schedule.kind == kind
    columns = (schedule.node, schedule.other, schedule.t_start_s, schedule.t_end_s)
    return list(zip(*(column[kept].tolist() for column in columns), strict=True))


def test_same_seed_same_faults_in_order(fleet: Fleet, outlook: Outlook) -> None:
    first, again = (drawn(MISSION, fleet, outlook, 5) for _ in range(2))
    for name in FaultSchedule.__dataclass_fields__:
        assert np.array_equal(getattr(first, name), getattr(again, name))
    assert set(first.kind.tolist()) == {int(kind) for kind in FaultKind}
    assert (np.diff(first.t_start_s) >= 0.0).all()
    assert (first.t_end_s >= first.t_start_s).all()
    other = drawn(MISSION, fleet, outlook, 6)
    assert rows(first, FaultKind.CRASH) != rows(other, FaultKind.CRASH)


@pytest.mark.parametrize(
    ("off", "gone"),
    [
        ({"crash_between_s": 0.0}, FaultKind.CRASH),
        ({"corruption_between_s": 0.0}, FaultKind.CORRUPTION),
        ({"loss_between_s": 0.0}, FaultKind.LOSS),
        ({"station_between_s": 0.0}, FaultKind.STATION),
        ({"weather_between_s": 0.0}, FaultKind.WEATHER),
        ({"acquisition_failure_share": 0.0}, FaultKind.ACQUISITION),
    ],
)
def test_switching_one_kind_off_leaves_the_others(
    fleet: Fleet, outlook: Outlook, off: dict[str, float], gone: FaultKind
) -> None:
    whole = drawn(MISSION, fleet, outlook, 5)
    less = drawn(replace(MISSION, faults=replace(STORM, **off)), fleet, outlook, 5)
    assert rows(less, gone) == []
    for kind in set(FaultKind) - {gone}:
        assert rows(less, kind) == rows(whole, kind) != []


def test_a_longer_run_begins_like_a_shorter_one(fleet: Fleet) -> None:
    short = drawn(MISSION, fleet, None, 5)
    long = drawn(replace(MISSION, duration_s=4.0 * MISSION.duration_s), fleet, None, 5)
    for kind in (FaultKind.CRASH, FaultKind.LOSS, FaultKind.STATION, FaultKind.WEATHER):
        begun = [row for row in rows(long, kind) if row[2] < MISSION.duration_s]
        assert begun == rows(short, kind)


def test_rates_are_those_asked_for(fleet: Fleet) -> None:
    year = replace(MISSION, duration_s=1000.0 * HOUR_S)
    schedule = drawn(year, fleet, None, 1)
    # work and repair alternate: one crash in 65 minutes; 6 satellites for 1,000 hours
    expected = fleet.n_satellites * 1000.0 / (1.0 + STORM.crash_repair_s / HOUR_S)
    crashes = rows(schedule, FaultKind.CRASH)
    assert len(crashes) == pytest.approx(expected, abs=4.0 * expected**0.5)
    lasting = np.array([end - start for _, _, start, end in crashes])
    assert lasting.mean() == pytest.approx(STORM.crash_repair_s, rel=0.08)
    corrupted = schedule.kind == FaultKind.CORRUPTION
    assert schedule.detected[corrupted].mean() == pytest.approx(0.7, abs=0.03)
    assert schedule.detected[~corrupted].all()
    assert len(rows(schedule, FaultKind.LOSS)) <= fleet.n_satellites


def test_a_node_that_is_away_does_not_fail_again_in_the_same_way(fleet: Fleet) -> None:
    schedule = drawn(replace(MISSION, duration_s=1000.0 * HOUR_S), fleet, None, 2)
    for kind in (FaultKind.CRASH, FaultKind.STATION, FaultKind.WEATHER):
        away_s = dict.fromkeys(range(len(fleet.names)), -np.inf)
        for node, _, start_s, end_s in rows(schedule, kind):
            assert start_s >= away_s[int(node)]
            away_s[int(node)] = end_s


def test_both_directions_of_a_crosslink_fail_to_lock_as_one(fleet: Fleet, outlook: Outlook) -> None:
    schedule = drawn(
        replace(MISSION, faults=Faults(acquisition_failure_share=1.0)), fleet, outlook, 3
    )
    failed = rows(schedule, FaultKind.ACQUISITION)
    contacts = outlook.contacts
    lasers = np.flatnonzero((contacts.kind == 1) | (contacts.kind == 2))
    windows = {
        (*sorted((int(contacts.source[row]), int(contacts.target[row]))),
         float(contacts.t_start_s[row]), float(contacts.t_end_s[row]))
        for row in lasers
    }  # fmt: skip
    assert set(failed) == windows
    assert len(failed) == len(windows) > 10


def test_radiation_strikes_where_the_orbit_meets_it(fleet: Fleet, outlook: Outlook) -> None:
    wanted = replace(MISSION, faults=Faults(from_radiation=True))
    between_s = crash_between_s(wanted, fleet, outlook)
    assert between_s.shape == (6,)
    assert (between_s > HOUR_S).all()
    assert (between_s < np.inf).any()
    # many draws of the same span: the mean number is the span over the mean time between
    counts = [len(rows(drawn(wanted, fleet, outlook, seed), FaultKind.CRASH)) for seed in range(9)]
    expected = float((outlook.t_s[-1] / between_s).sum()) * len(counts)
    assert sum(counts) <= expected + 4.0 * expected**0.5
    with pytest.raises(ValueError, match="outlook"):
        drawn(wanted, fleet, None, 1)


def test_nothing_fails_unless_asked_for(fleet: Fleet, outlook: Outlook) -> None:
    assert len(drawn(replace(MISSION, faults=None), fleet, outlook, 1)) == 0
    assert len(drawn(replace(MISSION, faults=Faults()), fleet, outlook, 1)) == 0
    assert np.isinf(crash_between_s(replace(MISSION, faults=None), fleet, None)).all()


@pytest.mark.parametrize(
    ("policy", "expected_s"),
    [("none", np.inf), ("fixed", 60.0), ("young", 60.0), ("daly", 59.75)],
)
def test_checkpoints_follow_the_policy(fleet: Fleet, policy: str, expected_s: float) -> None:
    # Young: sqrt(2 * 0.5 * 3600) = 60 s; Daly: 60 (1 + sqrt(r) / 3 + r / 9) - 0.5, r = 0.5 / 7200
    wanted = replace(MISSION, recovery=Recovery(checkpoints=policy))
    interval_s = checkpoint_intervals_s(wanted, fleet, None)
    assert interval_s == pytest.approx(np.full(6, expected_s), rel=2e-3)
    calm = checkpoint_intervals_s(replace(wanted, faults=Faults()), fleet, None)
    assert np.isinf(calm).all() or policy == "fixed"


def test_radiation_harms_each_group_by_its_own_device_and_none_without_a_computer() -> None:
    soft = replace(CENTRES, radiation=Radiation(0.001, "commercial", 30.0))
    hard = replace(COMPUTE, radiation=Radiation(0.02, "tpu-v6e", 30.0))
    bare = replace(hard, name="bare", computer=None)
    wanted = replace(MISSION, groups=(hard, bare, soft), faults=Faults(from_radiation=True))
    fleet = build_fleet(wanted)
    outlook = build_outlook(wanted, fleet)
    between_s = crash_between_s(wanted, fleet, outlook)
    assert np.isinf(between_s[6:12]).all()
    for group, rows in ((hard, slice(0, 6)), (soft, slice(12, 16))):
        alone = replace(wanted, groups=(group,))
        own = build_fleet(alone)
        found_s = crash_between_s(alone, own, build_outlook(alone, own))
        assert between_s[rows].tolist() == found_s.tolist()
