"""The benchmark of light, Sun and frames, on a small shell."""

import pytest

from perigrid.benchmark.eclipse import bench_eclipse
from perigrid.benchmark.reference import START

pytest.importorskip("satkit")
pytest.importorskip("brahe")


@pytest.mark.slow
def test_every_row_agrees_with_its_reference():
    rows = bench_eclipse(planes=2, satellites_per_plane=1)
    apart = {(row.name.split(":")[0], row.reference): row.agreement for row in rows}
    assert apart["illumination", "satkit"] < 1e-6
    # brahe's Earth is 0.7 m smaller: 2e-5 of the penumbra's width.
    assert apart["illumination", "brahe"] < 1e-4
    assert apart["smooth illumination", "exact cones"] < 0.01
    assert apart["Sun position", "satkit"] < 2e-5
    assert apart["Sun position", "erfa epv00"] < 2e-5
    assert apart["geodetic coordinates", "erfa gc2gd"] < 1e-6
    assert apart["TEME to Earth-fixed", "skyfield"] < 0.05
    assert apart["TEME to Earth-fixed", "satkit"] < 0.05
    assert all(row.ours_s > 0.0 and (row.reference_s or 1.0) > 0.0 for row in rows)
    assert all("extrapolated" in row.name for row in rows if row.name.startswith("illumination"))


def test_the_epoch_is_that_of_the_other_benchmarks():
    assert START.iso() == "2026-08-22T00:00:00Z"
