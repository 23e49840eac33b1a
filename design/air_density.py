"""Make the tables of ``perigrid.physics.air_tables``: global means of NRLMSISE-00.

Run by hand with the extra ``perigrid[atmosphere]``; prints the rows to paste, and the flux at which
the model's global mean comes nearest to the exponential atmosphere of the textbook.
"""

import numpy as np
import pymsis

ALTITUDE_KM = np.array([*range(150, 300, 25), *range(300, 1001, 50)], dtype=float)
DATES = np.array([f"2026-{month:02d}-21T00:00" for month in (3, 6, 9, 12)], dtype="datetime64[s]")
LONGITUDE = np.arange(0.0, 360.0, 15.0)  # at one instant, so every local time too
SINE = (np.arange(12) + 0.5) / 6.0 - 1.0  # bands of equal area
VALLADO = {300: 2.418e-11, 400: 3.725e-12, 500: 6.967e-13, 600: 1.454e-13, 700: 3.614e-14}


def global_mean(flux, ap):
    """Mean over area, local time and season [kg/m3]."""
    found = pymsis.calculate(
        DATES,
        LONGITUDE,
        np.degrees(np.arcsin(SINE)),
        ALTITUDE_KM,
        np.full(len(DATES), flux),
        np.full(len(DATES), flux),
        np.tile(float(ap), (len(DATES), 7)),
        version=0,
    )
    return found[..., pymsis.Variable.MASS_DENSITY].mean(axis=(0, 1, 2))


for name, flux, ap in (("MINIMUM", 70.0, 4.0), ("MAXIMUM", 200.0, 15.0)):
    print(name, flux, ap)
    for altitude, density in zip(ALTITUDE_KM, global_mean(flux, ap), strict=True):
        print(f"    ({altitude:.0f}e3, {density:.3e}),")

wanted = np.log(list(VALLADO.values()))
rows = [int(np.flatnonzero(km == ALTITUDE_KM)[0]) for km in VALLADO]
for flux in range(100, 160, 5):
    gap = np.log(global_mean(float(flux), 10.0)[rows]) - wanted
    print(flux, np.round(gap, 3), f"rms {np.sqrt(np.mean(gap**2)):.3f}")
