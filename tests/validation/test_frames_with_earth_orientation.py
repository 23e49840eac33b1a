"""TEME to the crust with UT1 and the pole, against satkit, brahe and ERFA on one IERS table."""

from pathlib import Path

import astropy_iers_data
import erfa
import numpy as np
import pytest

from perigrid.physics.earth_orientation import orientation_at, polar_motion
from perigrid.physics.frames import ecef_to_geodetic, gmst_rad, teme_to_ecef
from perigrid.physics.orbit.propagate import propagate
from perigrid.scenario.earth_orientation import parse_finals
from tests.validation.fleet import START, every, satellites

pytestmark = pytest.mark.validation

TABLE = Path(astropy_iers_data.IERS_A_FILE)


@pytest.fixture(scope="module")
def setting():
    times = every(1700.0)
    now = orientation_at(parse_finals(TABLE.read_text(), TABLE.name), START, times)
    position, _, _ = propagate(satellites(), START, times)
    fixed = teme_to_ecef(position, gmst_rad(START, times, now.ut1_minus_utc_s))
    polar_motion(fixed, now.x_pole_rad, now.y_pole_rad)
    return times, now, position, fixed


def test_brahe_on_the_same_table(setting):
    brahe = pytest.importorskip("brahe")
    times, _, position, fixed = setting
    provider = brahe.FileEOPProvider.from_standard_file(str(TABLE), True, "Hold")
    brahe.set_global_eop_provider(provider)
    zero = brahe.Epoch.from_datetime(2026, 8, 22, 0, 0, 0.0, 0.0, brahe.TimeSystem.UTC)
    worst_m = max(
        np.linalg.norm(brahe.position_teme_to_itrf(zero + float(t), position[:, n, k])
                       - fixed[:, n, k])
        for k, t in enumerate(times)
        for n in range(position.shape[1])
    )  # fmt: skip
    assert worst_m < 0.01  # measured 0.5 mm


def test_erfa_step_by_step(setting):
    times, now, position, fixed = setting
    day = (START.day_s + times) / 86400.0
    turn = erfa.gmst82(START.jd_midnight, day + now.ut1_minus_utc_s / 86400.0)
    pole = erfa.pom00(now.x_pole_rad, now.y_pole_rad, 0.0)
    matrix = np.einsum("nij,njk->nik", pole, erfa.rz(turn, np.eye(3)))
    theirs = np.einsum("kij,jnk->ink", matrix, position)
    assert np.linalg.norm(theirs - fixed, axis=0).max() < 1e-3


def test_satkit_on_the_same_table(setting, tmp_path):
    pytest.importorskip("satkit")
    _, _, position, fixed = setting
    (tmp_path / "finals2000A.all").write_bytes(TABLE.read_bytes())
    # A process of its own: satkit keeps the table for good, and other tests run it without one.
    import subprocess
    import sys

    np.save(tmp_path / "in.npy", position)
    code = (
        "import sys, numpy as np, satkit\n"
        "folder = sys.argv[1]\n"
        "satkit.utils.set_offline(True); satkit.utils.set_datadir(folder)\n"
        "p = np.load(folder + '/in.npy'); out = np.empty_like(p)\n"
        "zero = satkit.time(2026, 8, 22)\n"
        "for k, t in enumerate(np.arange(p.shape[2]) * 1700.0):\n"
        "    q = satkit.frametransform.qteme2itrf(zero + satkit.duration(seconds=float(t)))\n"
        "    for n in range(p.shape[1]): out[:, n, k] = q * p[:, n, k]\n"
        "np.save(folder + '/out.npy', out)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, capture_output=True)
    theirs = np.load(tmp_path / "out.npy")
    assert np.linalg.norm(theirs - fixed, axis=0).max() < 0.01  # measured 0.8 mm


def test_geodetic_against_erfa():
    rng = np.random.default_rng(5)
    position = rng.normal(size=(3, 4000))
    position *= rng.uniform(6.3e6, 4.3e7, 4000) / np.linalg.norm(position, axis=0)
    latitude, longitude, height = ecef_to_geodetic(position)
    theirs = erfa.gc2gd(1, position.T)  # 1: WGS 84
    assert np.abs(theirs[0] - longitude).max() < 1e-14
    # Theirs is the coarser: our own round trip closes to 10 nm, 2e-15 rad.
    assert np.abs(theirs[1] - latitude).max() < 1e-10
    assert np.abs(theirs[2] - height).max() < 1e-6
