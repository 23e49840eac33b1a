import pytest

from perigrid.benchmark.crosslinks import bench_crosslinks


def test_links_are_timed_against_numpy_scipy_and_skyfield():
    pytest.importorskip("skyfield")
    pytest.importorskip("itur")
    rows = bench_crosslinks(sizes=((6, 10, 5),), n_paths=100)
    assert [row.reference.split()[0] for row in rows if row.reference] == [
        "numpy",
        "numpy",
        "skyfield",
        "SciPy",
        "itur",
    ]
    for row in rows:
        assert row.ours_s > 0.0
        if row.reference:
            assert row.ratio > 0.0
            assert row.agreement is not None
            assert row.agreement < (1e-2 if row.unit == "dB" else 1e-6)
