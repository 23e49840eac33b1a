import pytest

from perigrid.benchmark.gate import bench_gate, policy_texts_of
from perigrid.benchmark.recording import RATE_HZ


@pytest.mark.slow
def test_the_gate_is_timed_against_slower_ways_to_the_same_answers():
    rows = bench_gate(requests=40, jobs=20, seconds_s=20 / RATE_HZ)
    assert [row.agreement for row in rows] == [0.0, 0.0, 0.0, 0.0, None, None]
    assert all(row.ours_s > 0.0 and row.reference_s > 0.0 for row in rows)
    assert [row.demand for row in rows[-2:]] == [1.0, None]
    assert "eu-raw-stays" in policy_texts_of()
