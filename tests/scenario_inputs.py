"""Small inputs to load and to break."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from perigrid.base.errors import ElementSetError, Problem
from perigrid.scenario.tle import checksum

MINIMAL = """\
perigrid: 1
name: mini
title: A small mission
start: 2026-08-22T00:00:00Z
hours: 2
groups:
  - name: fleet
    role: compute
    operator: demo
    registry_state: SE
    orbit:
      sun_synchronous: {satellites: 2, altitude_km: 500, ltan_hours: 10.5}
    battery: {capacity_wh: 300}
stations:
  - name: home
    role: operator
    operator: demo
    sites:
      - {name: Kiruna, country: SE, latitude_deg: 67.86, longitude_deg: 20.96}
data_centres:
  - {name: Stockholm, operator: demo, country: SE, latitude_deg: 59.33, longitude_deg: 18.07}
"""

ORBIT = "sun_synchronous: {satellites: 2, altitude_km: 500, ltan_hours: 10.5}"

ISS_1 = "1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  2927"
ISS_2 = "2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537"
TLE = f"ISS (ZARYA)\n{ISS_1}\n{ISS_2}\n"

OMM_HEADER = (
    "OBJECT_NAME,OBJECT_ID,EPOCH,MEAN_MOTION,ECCENTRICITY,INCLINATION,RA_OF_ASC_NODE,"
    "ARG_OF_PERICENTER,MEAN_ANOMALY,EPHEMERIS_TYPE,NORAD_CAT_ID,BSTAR"
)
OMM_ROW = (
    "BIG,2026-001A,2026-08-22T01:02:03.456789,15.2,0.0012,97.4,305.1,132.7,227.6,0,799501234,0.0007"
)
OMM_CSV = f"{OMM_HEADER}\n{OMM_ROW}\n"
OMM_JSON = """[
  {
    "OBJECT_NAME": "BIG", "OBJECT_ID": "2026-001A", "EPOCH": "2026-08-22T01:02:03.456789",
    "MEAN_MOTION": 15.2, "ECCENTRICITY": "0.0012", "INCLINATION": 97.4, "RA_OF_ASC_NODE": 305.1,
    "ARG_OF_PERICENTER": 132.7, "MEAN_ANOMALY": 227.6, "NORAD_CAT_ID": 799501234,
    "BSTAR": 0.0007, "REF_FRAME": "TEME", "TIME_SYSTEM": "UTC"
  }
]
"""

OMM_KVN = """\
CCSDS_OMM_VERS      = 3.0
COMMENT written by hand
CREATION_DATE       = 2026-08-22T02:00:00
ORIGINATOR          =

OBJECT_NAME         = BIG
OBJECT_ID           = 2026-001A
CENTER_NAME         = EARTH
REF_FRAME           = TEME
TIME_SYSTEM         = UTC
MEAN_ELEMENT_THEORY = SGP/SGP4
COMMENT
EPOCH               = 2026-234T01:02:03.456789
MEAN_MOTION         = 15.2 [rev/day]
ECCENTRICITY        = .0012
INCLINATION         = 97.4 [deg]
RA_OF_ASC_NODE      = 305.1 [deg]
ARG_OF_PERICENTER   = 132.7 [deg]
MEAN_ANOMALY        = 227.6 [deg]
EPHEMERIS_TYPE      = 0
NORAD_CAT_ID        = 799501234
BSTAR               = .7E-3 [1/ER]
MEAN_MOTION_DOT     = 1E-5 [rev/day**2]
USER_DEFINED_OWNER  = [nobody]
"""

OMM_XML = """\
<?xml version="1.0" encoding="UTF-8"?>
<ndm xmlns:ndm="urn:ccsds:schema:ndmxml">
<omm id="CCSDS_OMM_VERS" version="2.0">
<header><COMMENT>a</COMMENT><COMMENT>b</COMMENT><CREATION_DATE/><ORIGINATOR/></header>
<body><segment>
<metadata><OBJECT_NAME>BIG</OBJECT_NAME><OBJECT_ID>2026-001A</OBJECT_ID>
<CENTER_NAME>EARTH</CENTER_NAME><REF_FRAME>TEME</REF_FRAME><TIME_SYSTEM>UTC</TIME_SYSTEM>
<MEAN_ELEMENT_THEORY>SGP4</MEAN_ELEMENT_THEORY></metadata>
<data><meanElements><EPOCH>2026-08-22T01:02:03.456789</EPOCH>
<MEAN_MOTION units="rev/day">15.2</MEAN_MOTION><ECCENTRICITY>0.0012</ECCENTRICITY>
<INCLINATION units="deg">97.4</INCLINATION><RA_OF_ASC_NODE>305.1</RA_OF_ASC_NODE>
<ARG_OF_PERICENTER>132.7</ARG_OF_PERICENTER><MEAN_ANOMALY>227.6</MEAN_ANOMALY></meanElements>
<tleParameters><EPHEMERIS_TYPE>0</EPHEMERIS_TYPE><NORAD_CAT_ID>799501234</NORAD_CAT_ID>
<BSTAR units="1/ER">0.0007</BSTAR></tleParameters>
<userDefinedParameters><USER_DEFINED parameter="A">1</USER_DEFINED>
<USER_DEFINED parameter="B">2</USER_DEFINED></userDefinedParameters>
</data></segment></body></omm>
</ndm>
"""

GEOJSON = """{
  "type": "FeatureCollection",
  "features": [
    {"type": "Feature", "properties": {"name": "Oslo"},
     "geometry": {"type": "Point", "coordinates": [10.75, 59.91]}},
    {"type": "Feature", "properties": null,
     "geometry": {"type": "Point", "coordinates": [-70.91, -53.16, 30]}}
  ]
}
"""


def signed(line: str) -> str:
    """A TLE line with its checksum put right."""
    return line[:68] + str(checksum(line))


def changed(text: str, old: str, new: str) -> str:
    """A text with one thing replaced, which must be there."""
    assert old in text, old
    return text.replace(old, new, 1)


def told_at(
    parse: Callable[[str, str], object], text: str, line: int, key: str, words: str
) -> Problem:
    """The problem told of a wrong element file at a line and key, in these words."""
    with pytest.raises(ElementSetError) as caught:
        parse(text, "x.omm")
    problems = caught.value.problems
    matching = [p for p in problems if (p.line, p.key) == (line, key) and words in p.message]
    assert matching, str(caught.value)
    assert matching[0].path == "x.omm"
    assert matching[0].remedy
    return matching[0]


RECENT_TLE = f"ISS (ZARYA)\n{signed(changed(ISS_1, '08264.5', '26233.5'))}\n{ISS_2}\n"
"""The same satellite with an epoch a few hours before the start of ``MINIMAL``."""
