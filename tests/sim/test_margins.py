"""Margins of a mission, each on the satellite where it is tightest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from missions import SCENARIO, with_group, with_stage
from perigrid.fleet.build import build_fleet
from perigrid.fleet.ephemeris import satellite_ephemeris
from perigrid.fleet.model import ContactKind
from perigrid.fleet.observations import observe
from perigrid.fleet.outlook import build_outlook
from perigrid.physics.sustained import SustainedCompute
from perigrid.sim.margins import (
    Margin,
    compute_margins,
    downlink_bytes,
    least_of_each,
    tightest,
    work_margins,
)
from perigrid.workload.profile import stage_time_s

SHORT = replace(SCENARIO, duration_s=3 * 3600.0)


@pytest.fixture(scope="module")
def planned():
    fleet, ephemeris = build_fleet(SHORT), satellite_ephemeris(SHORT)
    outlook = build_outlook(SHORT, fleet, ephemeris)
    return fleet, outlook, observe(SHORT, fleet, ephemeris, 1, np.random.default_rng(1))


def test_the_tightest_satellite_is_named_and_needless_ones_are_left_out(planned):
    fleet = planned[0]
    have, need = np.full(fleet.n_satellites, 10.0), np.full(fleet.n_satellites, 4.0)
    have[2], need[3], have[3] = 6.0, 0.0, 0.0
    (found,) = tightest(fleet, "name", have, need, "W", "note")
    assert (found.where, found.have, found.need) == (fleet.names[2], 6.0, 4.0)
    assert found.margin == pytest.approx(0.5)
    assert tightest(fleet, "name", have, np.zeros_like(need), "W", "note") == []


def test_each_limit_of_the_computer_has_its_own_margin(planned):
    fleet = planned[0]
    installed_w = fleet.groups[0].computer.active_w
    ones = np.ones(fleet.n_satellites)
    limits = SustainedCompute(
        0.5 * installed_w * ones,
        installed_w * ones,
        0.5 * installed_w * ones,
        0.8 * installed_w * ones,
        ("energy",) * fleet.n_satellites,
        *([ones] * 3),
    )
    margins = {one.name: one.margin for one in compute_margins(fleet, limits)}
    assert margins == pytest.approx({"heat": 0.0, "energy": -0.5, "battery": -0.2})
    assert compute_margins(fleet, None) == []


def test_downlinks_storage_and_computer_are_weighed_against_the_observations(planned):
    fleet, outlook, jobs = planned
    margins = {one.name: one for one in work_margins(SHORT, fleet, outlook, jobs)}
    assert set(margins) == {"compute time", "downlink", "storage", "memory"}
    busy = margins["compute time"]
    mine = [job for job in jobs if fleet.names[job.origin] == busy.where]
    computer = fleet.groups[0].computer
    hours = sum(
        stage_time_s(stage, computer, job.area_m2)
        for job in mine
        for stage in SHORT.pipeline.stages
    )
    assert busy.need == pytest.approx(hours / 3600.0)
    assert busy.have == pytest.approx(3.0 * computer.slots)
    row = fleet.names.index(margins["downlink"].where)
    taken = sum(job.raw_bytes for job in jobs if job.origin == row)
    assert margins["downlink"].need == pytest.approx(taken / 1e9)
    assert margins["storage"].need <= taken / 1e9 or margins["storage"].where != fleet.names[row]


def test_downlink_volume_is_time_by_rate(planned):
    fleet, outlook, _ = planned
    contacts = outlook.contacts
    total = sum(
        (end - start) * rate / 8.0
        for kind, start, end, rate in zip(
            contacts.kind, contacts.t_start_s, contacts.t_end_s, contacts.rate_bps, strict=True
        )
        if kind == int(ContactKind.DOWNLINK)
    )
    assert downlink_bytes(fleet, outlook).sum() == pytest.approx(total)


def test_more_storage_widens_its_margin_in_proportion(planned):
    _, outlook, jobs = planned

    def storage(nbytes):
        fleet = build_fleet(with_group(SHORT, "compute", storage_bytes=nbytes))
        return next(
            one for one in work_margins(SHORT, fleet, outlook, jobs) if one.name == "storage"
        )

    small, large = storage(1.0e10), storage(3.0e10)
    assert (large.margin + 1.0) == pytest.approx(3.0 * (small.margin + 1.0))


def test_nothing_to_observe_binds_nothing(planned):
    fleet, outlook, _ = planned
    assert work_margins(SHORT, fleet, outlook, []) == []


def test_memory_of_every_computer_is_weighed_against_the_larger_model(planned):
    fleet, outlook, jobs = planned
    pipeline = SHORT.pipeline
    need_bytes = 2 * pipeline.stage("classify").memory_bytes
    changed = replace(SHORT, pipeline=with_stage(pipeline, "screen", memory_bytes=need_bytes))
    found = [one for one in work_margins(changed, fleet, outlook, jobs) if one.name == "memory"]
    assert [one.where for one in found] == [
        fleet.names[0],
        *(centre.name for centre in SHORT.data_centres),
    ]
    assert {one.need for one in found} == {need_bytes / 1e9}
    assert found[0].have == fleet.groups[0].computer.memory_bytes / 1e9


def test_of_each_limit_the_tightest_is_kept_and_the_run_before_a_day_that_is_no_tighter():
    run, day, equal, other = (
        Margin(name, have, 1.0, "W", "a", "", date)
        for name, have, date in (
            ("heat", 3.0, ""), ("heat", 2.0, "2026-12-22"), ("heat", 2.0, "2027-01-01"),
            ("energy", 9.0, ""),
        )
    )  # fmt: skip
    assert least_of_each([run, day, equal, other]) == [day, other]
    assert least_of_each([]) == []
