"""Element sets for the validation tests: published ones, and ours written as TLE lines."""

from pathlib import Path

import sgp4
from sgp4.api import Satrec
from sgp4.exporter import export_tle

from perigrid.base.elements import MeanElements
from perigrid.base.time import Epoch

VECTORS = Path(sgp4.__file__).parent
"""python-sgp4 carries the verification set of AIAA 2006-6753: SGP4-VER.TLE and tcppver.out."""


def from_record(record, name=""):
    """Mean elements of a record that python-sgp4 read from a TLE."""
    midnight = record.jdsatepoch
    return MeanElements(
        name=name,
        norad_id=record.satnum,
        epoch=Epoch(midnight, record.jdsatepochF * 86400.0),
        mean_motion_rad_s=record.no_kozai / 60.0,
        eccentricity=record.ecco,
        inclination_rad=record.inclo,
        raan_rad=record.nodeo,
        argument_of_perigee_rad=record.argpo,
        mean_anomaly_rad=record.mo,
        bstar=record.bstar,
    )


def tle_records(text):
    """Records and the two lines of every element set in a file of two- or three-line sets."""
    lines = [line for line in text.splitlines() if line[:2] in {"1 ", "2 "}]
    pairs = zip(lines[::2], lines[1::2], strict=True)
    return [(Satrec.twoline2rv(first[:69], second[:69]), first, second) for first, second in pairs]


def as_tle(elements, number):
    """Our elements as TLE lines, and the elements as those lines' digits hold them."""
    record = Satrec()
    days = elements.epoch.jd_midnight - 2433281.5 + elements.epoch.day_s / 86400.0
    record.sgp4init(
        1,
        "i",
        number,
        days,
        elements.bstar,
        0.0,
        0.0,
        elements.eccentricity,
        elements.argument_of_perigee_rad,
        elements.inclination_rad,
        elements.mean_anomaly_rad,
        elements.mean_motion_rad_s * 60.0,
        elements.raan_rad,
    )
    first, second = export_tle(record)
    return first, second, from_record(Satrec.twoline2rv(first, second), elements.name)
