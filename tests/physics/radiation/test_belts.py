import numpy as np
import pytest

from perigrid.physics.radiation.belts import (
    DISTANCES,
    ENERGIES_MEV,
    INVERSE_L,
    LATITUDE_DEG,
    LONGITUDE_DEG,
    MODELS,
    PAD,
    REACH,
    cutoff_log,
    field_map,
    flux_table,
    origin,
)


@pytest.mark.parametrize("name", ["min", "max"])
def test_maps_continue_over_the_poles_and_the_date_line(name):
    maps = field_map(name)
    assert maps.shape == (len(DISTANCES), len(LATITUDE_DEG) + 4, len(LONGITUDE_DEG) + 4, 2)
    np.testing.assert_array_equal(maps[:, :, :PAD], maps[:, :, len(LONGITUDE_DEG) : -PAD])
    # One step over the north pole at 0 deg east stands what is one step before it at 180 deg.
    half = len(LONGITUDE_DEG) // 2
    east = PAD + half
    np.testing.assert_array_equal(maps[:, -PAD, east], maps[:, -PAD - 2, PAD])
    np.testing.assert_array_equal(maps[:, PAD - 1, east], maps[:, PAD + 1, PAD])


def test_far_out_the_maps_are_those_of_a_dipole():
    # At the magnetic equator of a dipole distance equals L and the field is the equator's own.
    maps = field_map("min")[0, PAD:-PAD, PAD:-PAD]
    equator = np.abs(LATITUDE_DEG) <= 12.0
    assert maps[equator, :, 0].max() == pytest.approx(1.0, abs=0.02)
    # Field at the poles of a dipole: twice that at the equator.
    assert maps[[0, -1], :, 1].mean() / maps[equator, :, 1].min() == pytest.approx(2.0, rel=0.1)


@pytest.mark.parametrize(("particle", "solar"), MODELS)
def test_flux_falls_with_energy_and_along_the_field_line(particle, solar):
    table = flux_table(particle, solar)
    shape = (len(ENERGIES_MEV[particle]), len(INVERSE_L), len(REACH))
    assert table.flux_m2_s.shape == shape
    # A step of the code is 0.14 %. The models' own interpolation errs at few of 270,000 nodes.
    flux = table.flux_m2_s
    assert np.count_nonzero(flux[1:] > flux[:-1] * 1.003) <= 8
    assert np.count_nonzero(flux[:, :, 1:] > flux[:, :, :-1] * 1.003) <= 8
    assert flux.max() > 1.0e8


def test_protons_stand_in_the_inner_belt_and_electrons_in_both():
    shell = 1.0 / INVERSE_L
    protons = flux_table("p", "min").flux_m2_s[ENERGIES_MEV["p"].index(100.0), :, 0]
    assert 1.4 < shell[protons.argmax()] < 1.8
    electrons = flux_table("e", "max").flux_m2_s[ENERGIES_MEV["e"].index(1.0), :, 0]
    outer = electrons[shell > 3.0].max()
    slot = electrons[(shell > 2.0) & (shell < 3.0)].min()
    inner = electrons[shell < 2.0].max()
    assert outer > 2.0 * slot
    assert inner > 2.0 * slot


def test_low_shells_keep_a_width():
    assert cutoff_log(np.array([1.0, 1.1]))[0] == pytest.approx(0.1)
    assert np.all(np.diff(cutoff_log(np.linspace(1.0, 10.0, 50))) >= 0.0)


def test_the_grid_tells_where_it_comes_from():
    assert "aep8" in origin()
    assert "Jensen and Cain 1960" in origin()


def test_what_is_shared_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        field_map("min")[0, 0, 0, 0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        flux_table("p", "min").flux_m2_s[0, 0, 0] = 1.0
