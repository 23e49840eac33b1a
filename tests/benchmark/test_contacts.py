"""The benchmark of contacts compares the same thing."""

import pytest

from perigrid.benchmark.contacts import bench_contacts


def test_all_sides_find_the_same_edges():
    pytest.importorskip("skyfield")
    pytest.importorskip("brahe")
    rows = bench_contacts(2, 3, 4, 2, 2)
    assert [row.reference for row in rows] == [
        *("skyfield", "skyfield", "brahe", "brahe", "grid of seconds")
    ]
    assert rows[0].name == (
        "contacts: 6 satellites x 4 stations x 1 day (skyfield from 2 satellites)"
    )
    assert rows[0].agreement < 0.6  # [s] skyfield's search stops at half a second
    assert rows[2].agreement < 0.1
    assert rows[4].agreement < 0.1
    assert all(row.ratio > 1.0 for row in rows)
