"""Element sets of any known form: TLE, and OMM as CSV, JSON, XML or KVN."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from perigrid.base.elements import MeanElements
from perigrid.base.errors import ElementSetError
from perigrid.scenario.forms import Form, form_of
from perigrid.scenario.omm import parse_omm_csv, parse_omm_json
from perigrid.scenario.omm_kvn import parse_omm_kvn
from perigrid.scenario.omm_xml import parse_omm_xml
from perigrid.scenario.problems import SourceText
from perigrid.scenario.raw_elements import Raw
from perigrid.scenario.tle import parse_tle

FORMS_READ: Final = "TLE (two or three lines) and OMM as CSV, JSON, XML or KVN"
_PARSERS: Final[dict[str, Callable[[str, str], tuple[Raw, ...]]]] = {
    "TLE": parse_tle,
    "CSV": parse_omm_csv,
    "JSON": parse_omm_json,
    "XML": parse_omm_xml,
    "KVN": parse_omm_kvn,
}
_SUFFIXES: Final = {
    ".tle": "TLE",
    ".2le": "TLE",
    ".3le": "TLE",
    ".csv": "CSV",
    ".json": "JSON",
    ".xml": "XML",
    ".kvn": "KVN",
}
_MESSAGES: Final = {"XML": ("ndm", "omm"), "KVN": ("omm",)}


def read_element_sets(text: str, path: str) -> tuple[MeanElements, ...]:
    """Read element sets into SI.

    Parameters
    ----------
    text, path : str
        Content and name of the file. The content decides on the form; a suffix that says another
        one is wrong.

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
        Content and name of the file. The content decides on the form; a suffix that says another
        one is wrong.

    Returns
    -------
    tuple of Raw
        In the order of the file.

    Raises
    ------
    ElementSetError
        With every problem found; with one, if the form is not the name's or none that is read.
    """
    found = form_of(text)
    named = _SUFFIXES.get(Path(path).suffix.lower(), "")
    if found.name not in _PARSERS or not _is_read(found) or (named and found.name != named):
        other = f", not {named} as its name says" if named and found.name != named else ""
        remedy = f"element sets are read as {FORMS_READ}"
        place = SourceText.of(path, text).place(1)
        raise ElementSetError([place.problem(f"is {found.words}{other}", remedy)])
    return _PARSERS[found.name](text, path)


def _is_read(form: Form) -> bool:
    """Say whether a form with messages of several kinds holds one of those that are read."""
    return form.name not in _MESSAGES or form.kind in _MESSAGES[form.name]
