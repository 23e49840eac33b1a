from perigrid.benchmark.gate import RATE_HZ, bench_gate, policy_texts_of


def test_the_gate_is_timed_against_slower_ways_to_the_same_answers():
    rows = bench_gate(requests=40, jobs=20, seconds_s=20 / RATE_HZ)
    assert [row.agreement for row in rows] == [0.0, 0.0, 0.0, 0.0, None]
    assert all(row.ours_s > 0.0 and row.reference_s > 0.0 for row in rows)
    assert rows[-1].demand == 1.0
    assert rows[-1].cpu_s > 0.0
    assert "eu-raw-stays" in policy_texts_of()
