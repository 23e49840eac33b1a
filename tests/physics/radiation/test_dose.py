import numpy as np
import pytest

from perigrid.physics.radiation.belts import REACH, flux_table
from perigrid.physics.radiation.dose import (
    PROTON_EFFECT_MEV,
    Exposure,
    electron_table,
    exposure,
    proton_tables,
)

ANOMALY = (np.array([-0.52]), np.array([-0.66]), np.array([600.0e3]))


def test_dose_of_a_steep_spectrum_by_hand():
    # Behind 10 mm only protons above 46 MeV get through; a dose is at most all of them at the
    # largest stopping power left, at least those above 100 MeV at the smallest.
    protons, _, _ = proton_tables("min", 0.01)
    table = flux_table("p", "min")
    shell, energies = 120, list(table.energies_mev)
    above_40, above_100 = (table.flux_m2_s[energies.index(e), shell, 0] for e in (40.0, 100.0))
    gy_per_fluence = 1.602e-10 * 1e-4
    assert protons[shell, 0] < above_40 * 180.0 * gy_per_fluence
    assert protons[shell, 0] > above_100 * 2.4 * gy_per_fluence


def test_more_shield_less_dose():
    doses = [exposure(*ANOMALY, shield_m=mm * 1e-3) for mm in (1.0, 2.0, 5.0, 10.0, 20.0)]
    for name in ("proton_gy_s", "electron_gy_s", "dose_gy_s", "proton_flux_m2_s"):
        values = [getattr(one, name)[0] for one in doses]
        assert (np.diff(values) <= 0.0).all(), name
    assert doses[0].electron_gy_s[0] > 0.5 * doses[0].proton_gy_s[0]
    assert doses[-1].electron_gy_s[0] < 1e-3 * doses[-1].proton_gy_s[0]


def test_protons_behind_a_shield_are_those_that_were_fast_enough_outside():
    # 1 mm of aluminium takes 20 MeV from a proton of 23.5 MeV.
    _, counted, outside = proton_tables("min", 1.0e-3)
    table = flux_table("p", "min")
    energies = list(table.energies_mev)
    fast = table.flux_m2_s[energies.index(PROTON_EFFECT_MEV)]
    faster = table.flux_m2_s[energies.index(30.0)]
    assert (counted <= fast * 1.001).all()
    assert (counted >= faster * 0.999).all()
    np.testing.assert_array_equal(outside, table.flux_m2_s[energies.index(10.0)])


def test_each_model_is_read_in_its_own_field():
    quiet = exposure(*ANOMALY, shield_m=0.005)
    active = exposure(*ANOMALY, shield_m=0.005, proton_solar="max")
    # A warmer atmosphere eats protons; the electrons are the same.
    assert active.proton_gy_s[0] < quiet.proton_gy_s[0]
    assert active.electron_gy_s[0] == quiet.electron_gy_s[0]
    assert quiet.dose_gy_s[0] == quiet.proton_gy_s[0] + quiet.electron_gy_s[0]


def test_tables_are_finite_and_of_the_right_shape():
    for table in (*proton_tables("max", 0.003), electron_table("min", 0.003)):
        assert table.shape[-1] == len(REACH)
        assert np.isfinite(table).all()
        assert table.min() == 0.0
        with pytest.raises(ValueError, match="read-only"):
            table[0, 0] = 1.0


def test_thin_shields_are_refused():
    with pytest.raises(ValueError, match=r"thinner than 0\.001 m"):
        exposure(*ANOMALY, shield_m=0.5e-3)
    assert Exposure(*np.ones((4, 1))).dose_gy_s[0] == 2.0
