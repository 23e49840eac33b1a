"""Elements in the units of their publication, with the checks that hold for every form of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.base.elements import MeanElements
from perigrid.base.errors import Problem
from perigrid.base.names import name_fault
from perigrid.base.time import Epoch
from perigrid.base.units import RAD_PER_DEG
from perigrid.scenario.problems import Place

RAD_S_PER_REV_DAY = 360.0 * RAD_PER_DEG / SECONDS_PER_DAY


@dataclass(frozen=True, slots=True)
class Raw:
    """Elements in the units of TLE and OMM, before they become :class:`MeanElements`."""

    name: str
    norad_id: int
    epoch: Epoch
    mean_motion_rev_per_day: float
    eccentricity: float
    inclination_deg: float
    raan_deg: float
    argument_of_perigee_deg: float
    mean_anomaly_deg: float
    bstar: float

    def to_si(self) -> MeanElements:
        """Convert to radians and seconds.

        Returns
        -------
        MeanElements
            The same elements.
        """
        return MeanElements(
            name=self.name,
            norad_id=self.norad_id,
            epoch=self.epoch,
            mean_motion_rad_s=self.mean_motion_rev_per_day * RAD_S_PER_REV_DAY,
            eccentricity=self.eccentricity,
            inclination_rad=self.inclination_deg * RAD_PER_DEG,
            raan_rad=self.raan_deg * RAD_PER_DEG,
            argument_of_perigee_rad=self.argument_of_perigee_deg * RAD_PER_DEG,
            mean_anomaly_rad=self.mean_anomaly_deg * RAD_PER_DEG,
            bstar=self.bstar,
        )


LIMITS: tuple[tuple[str, float, float, str], ...] = (
    ("mean_motion_rev_per_day", 0.01, 18.0, "rev/day"),
    ("eccentricity", 0.0, 0.9999999, ""),
    ("inclination_deg", 0.0, 180.0, "deg"),
    ("raan_deg", -360.0, 360.0, "deg"),
    ("argument_of_perigee_deg", -360.0, 360.0, "deg"),
    ("mean_anomaly_deg", -360.0, 360.0, "deg"),
    ("bstar", -1000.0, 1000.0, "1/Earth radii"),
)
"""Wide for the drag term: fitted while a satellite thrusts, it takes values of several units."""


EPHEMERIS_TYPES: Final = {
    "1": "SGP",
    "3": "SDP4 or PPT3",
    "4": "SGP4-XP",
    "5": "SDP8",
    "6": "special perturbations",
}
"""Types that are not read, by what Space-Track's documentation and CCSDS 502.0 call them."""


def wrong_type(ephemeris_type: str) -> str:
    """Say why elements of an ephemeris type are not read.

    Parameters
    ----------
    ephemeris_type : str
        Column 63 of a TLE, or EPHEMERIS_TYPE of an OMM.

    Returns
    -------
    str
        What is wrong; empty for SGP4, whose types are 0, 2 and none.

    References
    ----------
    .. [1] CCSDS 502.0-B-3, table 4-3, EPHEMERIS_TYPE.
    .. [2] F. R. Hoots, R. L. Roehrich, "Spacetrack Report No. 3" (1980).
    """
    if ephemeris_type.removesuffix(".0") in {"", "0", "2"}:
        return ""
    theory = EPHEMERIS_TYPES.get(ephemeris_type, "no known theory")
    return (
        f"ephemeris type {ephemeris_type!r} is {theory}: to SGP4 these elements mean another orbit"
    )


def out_of_range(raw: Raw) -> Iterator[tuple[str, str]]:
    """Find elements no satellite can have.

    Parameters
    ----------
    raw : Raw
        As read.

    Yields
    ------
    str, str
        Name of the element, and what is wrong with it; ``name`` for the object's name.
    """
    if message := name_fault(raw.name):
        yield "name", message
    for name, low, high, unit in LIMITS:
        value = getattr(raw, name)
        if not low <= value <= high:
            yield name, f"{value:g} is outside {low:g} to {high:g} {unit}".rstrip()


def check_unique(elements: list[tuple[Raw, Place]]) -> list[Problem]:
    """Find objects that are given twice.

    Parameters
    ----------
    elements : list of (Raw, Place)
        As read, with their places.

    Returns
    -------
    list of Problem
        One per repetition of a catalogue number.
    """
    problems = []
    first: dict[int, Place] = {}
    for raw, place in elements:
        if raw.norad_id in first:
            problems.append(
                place.problem(
                    f"object {raw.norad_id} is given twice, first on line "
                    f"{first[raw.norad_id].line}",
                    "keep the element set with the newer epoch",
                    raw.name,
                )
            )
        elif raw.norad_id:
            first[raw.norad_id] = place
    return problems
