"""Air density by altitude: numbers only, each table with its origin."""

from __future__ import annotations

from typing import Final

TEXTBOOK: Final = (
    (0e3, 1.225, 7.249e3),
    (25e3, 3.899e-2, 6.349e3),
    (30e3, 1.774e-2, 6.682e3),
    (40e3, 3.972e-3, 7.554e3),
    (50e3, 1.057e-3, 8.382e3),
    (60e3, 3.206e-4, 7.714e3),
    (70e3, 8.770e-5, 6.549e3),
    (80e3, 1.905e-5, 5.799e3),
    (90e3, 3.396e-6, 5.382e3),
    (100e3, 5.297e-7, 5.877e3),
    (110e3, 9.661e-8, 7.263e3),
    (120e3, 2.438e-8, 9.473e3),
    (130e3, 8.484e-9, 12.636e3),
    (140e3, 3.845e-9, 16.149e3),
    (150e3, 2.070e-9, 22.523e3),
    (180e3, 5.464e-10, 29.740e3),
    (200e3, 2.789e-10, 37.105e3),
    (250e3, 7.248e-11, 45.546e3),
    (300e3, 2.418e-11, 53.628e3),
    (350e3, 9.518e-12, 53.298e3),
    (400e3, 3.725e-12, 58.515e3),
    (450e3, 1.585e-12, 60.828e3),
    (500e3, 6.967e-13, 63.822e3),
    (600e3, 1.454e-13, 71.835e3),
    (700e3, 3.614e-14, 88.667e3),
    (800e3, 1.170e-14, 124.64e3),
    (900e3, 5.245e-15, 181.05e3),
    (1000e3, 3.019e-15, 268.00e3),
)
"""Base altitude [m], density [kg/m3] and scale height [m] of layers in which density falls
exponentially. Vallado, Fundamentals of Astrodynamics and Applications, 4th ed. (2013), table 8-4,
after Wertz (1978): US Standard Atmosphere 1976 at 0 km, CIRA-72 from 25 km on, with an exospheric
temperature of 1000 K from 500 km on: mean solar activity."""

TEXTBOOK_FLUX_SFU: Final = 136.0
"""Flux at which the global mean of NRLMSISE-00 comes nearest to the textbook table between 300 and
700 km (7 % rms). Derived with design/air_density.py and pymsis 0.12."""

QUIET_FLUX_SFU: Final = 70.0
"""Solar minimum: F10.7 of the table below. The minima of 1986, 1996, 2008 and 2019 had 68 to 74."""

QUIET: Final = (
    (150e3, 1.688e-09),
    (175e3, 4.895e-10),
    (200e3, 1.782e-10),
    (225e3, 7.365e-11),
    (250e3, 3.321e-11),
    (275e3, 1.599e-11),
    (300e3, 8.096e-12),
    (350e3, 2.314e-12),
    (400e3, 7.308e-13),
    (450e3, 2.493e-13),
    (500e3, 9.208e-14),
    (550e3, 3.761e-14),
    (600e3, 1.748e-14),
    (650e3, 9.418e-15),
    (700e3, 5.815e-15),
    (750e3, 3.983e-15),
    (800e3, 2.921e-15),
    (850e3, 2.233e-15),
    (900e3, 1.753e-15),
    (950e3, 1.400e-15),
    (1000e3, 1.133e-15),
)
"""Altitude [m] and density [kg/m3]: mean of NRLMSISE-00 over the globe, local time and season at
F10.7 = 70, Ap = 4. Derived with design/air_density.py and pymsis 0.12."""

ACTIVE_FLUX_SFU: Final = 200.0
"""Solar maximum: F10.7 of the table below. Maxima since 1980 reached 150 to 205, yearly mean."""

ACTIVE: Final = (
    (150e3, 2.105e-09),
    (175e3, 7.691e-10),
    (200e3, 3.602e-10),
    (225e3, 1.909e-10),
    (250e3, 1.090e-10),
    (275e3, 6.543e-11),
    (300e3, 4.074e-11),
    (350e3, 1.711e-11),
    (400e3, 7.758e-12),
    (450e3, 3.711e-12),
    (500e3, 1.848e-12),
    (550e3, 9.499e-13),
    (600e3, 5.021e-13),
    (650e3, 2.723e-13),
    (700e3, 1.515e-13),
    (750e3, 8.670e-14),
    (800e3, 5.114e-14),
    (850e3, 3.123e-14),
    (900e3, 1.982e-14),
    (950e3, 1.311e-14),
    (1000e3, 9.062e-15),
)
"""As :data:`QUIET`, at F10.7 = 200, Ap = 15."""
