"""Windows in which satellites see ground stations and each other."""

from perigrid.physics.contacts.pairs import PairWindows, pair_windows
from perigrid.physics.contacts.station_limits import StationLimits, SunLimits
from perigrid.physics.contacts.stations import Windows, station_windows
from perigrid.physics.contacts.tracks import advised_step_s

__all__ = [
    "PairWindows",
    "StationLimits",
    "SunLimits",
    "Windows",
    "advised_step_s",
    "pair_windows",
    "station_windows",
]
