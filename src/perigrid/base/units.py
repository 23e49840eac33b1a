"""Conversions at the border: scenario keys and output use the field's units, the inside uses SI."""

from __future__ import annotations

import math
from typing import Final

J_PER_WH: Final = 3600.0
M_PER_KM: Final = 1000.0
BYTES_PER_GB: Final = 1.0e9
BYTES_PER_MB: Final = 1.0e6
BPS_PER_MBPS: Final = 1.0e6
BPS_PER_GBPS: Final = 1.0e9
S_PER_HOUR: Final = 3600.0
ZERO_CELSIUS_K: Final = 273.15
RAD_PER_DEG: Final = math.pi / 180.0
BITS_PER_BYTE: Final = 8.0
