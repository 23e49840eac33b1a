"""Real Sentinel-2 scenes for the detector, when the data cache holds them."""

from __future__ import annotations
