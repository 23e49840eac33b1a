"""The benchmark against orbital-compute."""

import numpy as np
import pytest

from perigrid.benchmark.peer import bench_peer, fly_ours, fly_peer, save_peer
from perigrid.benchmark.peer_scenario import peer_case

pytest.importorskip("orbital_compute")


@pytest.fixture(scope="module")
def case():
    return peer_case(3, 6, 6.0)


@pytest.fixture(scope="module")
def ours(case, tmp_path_factory):
    return fly_ours(case, tmp_path_factory.mktemp("peer"))


@pytest.fixture(scope="module")
def theirs(case):
    return fly_peer(case)


def test_both_do_all_jobs_of_an_easy_day(case, ours, theirs):
    assert ours.completed == theirs[0].completed == 6
    assert ours.work_s.sum() == pytest.approx(theirs[0].work_s.sum())
    assert ours.work_s.sum() == pytest.approx(case.jobs.size.sum() * 60.0)


def test_light_and_contacts_are_close(ours, theirs):
    np.testing.assert_allclose(ours.eclipse_share, theirs[0].eclipse_share, atol=0.006)
    np.testing.assert_allclose(ours.contact_s, theirs[0].contact_s, atol=300.0)


def test_its_results_are_written(theirs, tmp_path):
    save_peer(theirs[1], tmp_path / "results.json")
    assert '"total_compute_hours"' in (tmp_path / "results.json").read_text()


def test_a_row_has_a_ratio():
    (row,) = bench_peer(sizes=(2,), hours=1.0)
    assert row.name.startswith("peer: 2 satellites, 40 jobs")
    assert row.ratio > 0.0
