import numpy as np
import pytest

from perigrid.workload import spectra
from perigrid.workload.spectra import SPECTRAL_BANDS, SURFACE, Cover


def band(name):
    return SPECTRAL_BANDS.index(name)


def index(cover, high, low):
    row = SURFACE[cover]
    return (row[band(high)] - row[band(low)]) / (row[band(high)] + row[band(low)])


def test_tables_have_a_row_for_each_cover_and_a_column_for_each_band():
    assert SURFACE.shape == (len(Cover), len(SPECTRAL_BANDS))
    assert spectra.SURFACE_SPREAD.shape == (len(Cover),)
    for name in ("PATH_REFLECTANCE", "GAS_TRANSMISSION", "CLOUD_ALBEDO", "ICE_ALBEDO"):
        table = getattr(spectra, name)
        assert table.shape == (len(SPECTRAL_BANDS),)
        assert np.all((table > 0.0) & (table <= 1.0))
    assert np.all((SURFACE >= 0.0) & (SURFACE < 1.0))


def test_normalised_differences_have_the_field_marks_of_their_covers():
    assert index(Cover.VEGETATION, "B08", "B04") > 0.7  # NDVI of a closed canopy
    assert index(Cover.SOIL, "B08", "B04") < 0.3
    assert index(Cover.SNOW, "B03", "B11") > 0.4  # NDSI threshold of snow maps
    assert index(Cover.SAND, "B03", "B11") < 0.0
    assert index(Cover.WATER, "B03", "B08") > 0.0  # NDWI of open water


def test_path_reflectance_falls_as_the_fourth_power_of_wavelength():
    wavelength_um = {"B01": 0.443, "B02": 0.490, "B03": 0.560, "B04": 0.665, "B08": 0.842}
    blue = spectra.PATH_REFLECTANCE[band("B01")] * wavelength_um["B01"] ** 4
    for name, value in wavelength_um.items():
        path = spectra.PATH_REFLECTANCE[band(name)] * value**4
        assert path == pytest.approx(blue, rel=0.2)


def test_ice_absorbs_more_than_water_drops_in_the_shortwave_infrared():
    for name in ("B11", "B12"):
        assert spectra.ICE_ALBEDO[band(name)] < spectra.CLOUD_ALBEDO[band(name)]
