"""Flown missions with named people, one of whom says why the fleet must stop."""

from __future__ import annotations

from pathlib import Path

from governed import OVERRIDES, SCENARIO
from perigrid.api import Study

NAME, OTHER = "rosalind-vega", "ngozi-okafor"
REASON = "smoke in the control room"
PEOPLE = (
    f"approvers=[{{name: {NAME}, role: flight-director, delay_minutes: 3}},"
    f" {{name: {OTHER}, role: safety-officer, delay_minutes: 4}}]"
)
ORDER = f"orders=[{{kind: stop, by: {NAME}, at_hours: 0.5, for_hours: 0.1, reason: {REASON}}}]"


def study() -> Study:
    kept = tuple(one for one in OVERRIDES if not one.startswith("approvers="))
    return Study.open(str(SCENARIO), overrides=(*kept, PEOPLE, ORDER))


def everything(folder: Path) -> bytes:
    """All bytes and all names of files under a folder."""
    places = sorted(folder.rglob("*"))
    return b"\0".join(
        str(place.relative_to(folder)).encode() + (place.read_bytes() if place.is_file() else b"")
        for place in places
    )
