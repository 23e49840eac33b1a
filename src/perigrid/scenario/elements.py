"""Element sets of any known form: TLE, OMM CSV, OMM JSON."""

from __future__ import annotations

from pathlib import Path

from perigrid.base.elements import MeanElements
from perigrid.scenario.omm import parse_omm_csv, parse_omm_json
from perigrid.scenario.raw_elements import Raw
from perigrid.scenario.tle import parse_tle


def read_element_sets(text: str, path: str) -> tuple[MeanElements, ...]:
    """Read element sets into SI.

    Parameters
    ----------
    text, path : str
        Content and name of the file; the name's suffix decides on the form, else the content.

    Returns
    -------
    tuple of MeanElements
        In the order of the file.

    Raises
    ------
    ElementSetError
        With every problem found.
    """
    return tuple(raw.to_si() for raw in parse_element_sets(text, path))


def parse_element_sets(text: str, path: str) -> tuple[Raw, ...]:
    """Read element sets in the units of their publication.

    Parameters
    ----------
    text, path : str
        Content and name of the file; the name's suffix decides on the form, else the content.

    Returns
    -------
    tuple of Raw
        In the order of the file.

    Raises
    ------
    ElementSetError
        With every problem found.
    """
    suffix = Path(path).suffix.lower()
    if suffix == ".json" or (suffix not in {".tle", ".csv"} and text.lstrip()[:1] in {"[", "{"}):
        return parse_omm_json(text, path)
    if suffix == ".csv" or (suffix != ".tle" and "OBJECT_NAME" in text.split("\n", 1)[0]):
        return parse_omm_csv(text, path)
    return parse_tle(text, path)
