import numpy as np
import pytest

from perigrid.physics.radiation.ranges import (
    ALUMINIUM,
    SILICON,
    electron_deposit_mev_cm2_g,
    electron_energy_mev,
    electron_range_g_cm2,
    proton_energy_behind_mev,
    proton_range_g_cm2,
    proton_stopping_mev_cm2_g,
)

# NIST PSTAR, aluminium: energy, total stopping power, CSDA range.
PSTAR = np.array(
    [
        [10.0, 33.76, 0.1705],
        [20.0, 19.69, 0.5748],
        [50.0, 9.594, 2.928],
        [100.0, 5.678, 10.01],
        [200.0, 3.526, 33.31],
        [400.0, 2.393, 104.8],
    ]
).T


def test_stopping_power_and_range_in_aluminium_against_pstar():
    energy, stopping, reach = PSTAR
    np.testing.assert_allclose(proton_stopping_mev_cm2_g(energy, ALUMINIUM), stopping, rtol=0.02)
    np.testing.assert_allclose(proton_range_g_cm2(energy, ALUMINIUM), reach, rtol=0.025)


def test_silicon_stops_a_little_more_than_aluminium():
    energy = np.array([10.0, 100.0])
    ratio = proton_stopping_mev_cm2_g(energy, SILICON) / proton_stopping_mev_cm2_g(
        energy, ALUMINIUM
    )
    np.testing.assert_allclose(ratio, 1.027, atol=0.005)


def test_a_proton_behind_a_shield_has_the_range_that_is_left():
    energy = np.array([30.0, 60.0, 200.0])
    behind = proton_energy_behind_mev(energy, 1.0)
    np.testing.assert_allclose(
        proton_range_g_cm2(behind, ALUMINIUM), proton_range_g_cm2(energy, ALUMINIUM) - 1.0
    )
    assert proton_energy_behind_mev(np.array([20.0]), 1.0)[0] == 0.0


def test_electron_range_and_its_inverse():
    energy = np.array([0.05, 0.5, 2.0, 7.0])
    np.testing.assert_allclose(electron_energy_mev(electron_range_g_cm2(energy)), energy)
    # Extrapolated range of 1 MeV electrons in aluminium: about 0.4 g/cm2.
    assert electron_range_g_cm2(np.array([1.0]))[0] == pytest.approx(0.41, abs=0.02)


@pytest.mark.parametrize("energy_mev", [1.0, 3.0, 6.0])
def test_electrons_deposit_no_more_than_they_carry(energy_mev):
    reach = electron_range_g_cm2(np.array([energy_mev]))[0]
    depths = np.linspace(1e-3, 1.05 * reach, 400)
    deposit = np.array([electron_deposit_mev_cm2_g(np.array([energy_mev]), d)[0] for d in depths])
    carried = np.trapezoid(deposit, depths)
    assert 0.9 * energy_mev < carried < 1.01 * energy_mev
    assert deposit[-1] == 0.0
