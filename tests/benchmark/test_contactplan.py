"""Earliest arrival against plain Python."""

from perigrid.benchmark.contactplan import bench_contactplan


def test_the_search_is_timed_against_plain_python_and_equals_it():
    rows = bench_contactplan(n_contacts=3000, n_nodes=60, n_graph=400)
    against = [row for row in rows if row.reference]
    assert [row.reference.split()[0] for row in against] == ["plain", "plain"]
    for row in rows:
        assert row.name.startswith("contactplan: ")
        assert row.ours_s > 0.0
    for row in against:
        assert row.ratio > 0.0
        assert row.agreement == 0.0
