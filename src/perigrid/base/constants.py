"""Physical constants, each with its source. SI units in the name."""

from __future__ import annotations

from typing import Final

SPEED_OF_LIGHT_M_S: Final = 299_792_458.0
"""Exact by definition of the metre (SI brochure, 9th ed., 2019)."""

BOLTZMANN_J_K: Final = 1.380_649e-23
"""Exact by definition of the kelvin (SI brochure, 9th ed., 2019)."""

PLANCK_J_S: Final = 6.626_070_15e-34
"""Exact by definition of the kilogram (SI brochure, 9th ed., 2019)."""

STEFAN_BOLTZMANN_W_M2_K4: Final = 5.670_374_419e-8
"""CODATA 2018, doi:10.1103/RevModPhys.93.025010."""

ASTRONOMICAL_UNIT_M: Final = 149_597_870_700.0
"""Exact, IAU 2012 Resolution B2."""

SOLAR_CONSTANT_W_M2: Final = 1361.0
"""Nominal total solar irradiance at 1 au, IAU 2015 Resolution B3."""

SUN_RADIUS_M: Final = 695_700_000.0
"""Nominal solar radius, IAU 2015 Resolution B3."""

EARTH_MU_M3_S2: Final = 3.986_004_418e14
"""WGS 84 (NGA.STND.0036_1.0.0, 2014)."""

EARTH_EQUATORIAL_RADIUS_M: Final = 6_378_137.0
"""WGS 84 semi-major axis (NGA.STND.0036_1.0.0, 2014)."""

EARTH_FLATTENING: Final = 1.0 / 298.257_223_563
"""WGS 84 (NGA.STND.0036_1.0.0, 2014)."""

EARTH_J2: Final = 1.082_626_68e-3
"""WGS 84 / EGM96 second zonal harmonic."""

EARTH_ROTATION_RAD_S: Final = 7.292_115e-5
"""WGS 84 mean angular velocity (NGA.STND.0036_1.0.0, 2014)."""

EARTH_INFRARED_W_M2: Final = 237.0
"""Mean outgoing longwave radiation at the top of the atmosphere; CERES gives 239-240, the thermal
design figure used here is 237 (Gilmore, Spacecraft Thermal Control Handbook, 2nd ed., 2002)."""

EARTH_ALBEDO: Final = 0.3
"""Mean Bond albedo (Stephens et al. 2015, doi:10.1002/2014RG000449)."""

TROPICAL_YEAR_S: Final = 365.242_19 * 86_400.0
"""Mean tropical year at J2000 (Astronomical Almanac)."""

SECONDS_PER_DAY: Final = 86_400.0
"""By definition of the Julian day."""

J2000_JD: Final = 2_451_545.0
"""Julian date of the J2000.0 epoch."""
