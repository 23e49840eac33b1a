"""Orbit mean-elements messages (CCSDS 502.0): what holds in every form, and those in JSON and CSV.

Catalogue numbers of any length fit here, which a TLE cannot hold.

References
----------
.. [1] CCSDS 502.0-B-3, "Orbit Data Messages" (2023).
"""

from __future__ import annotations

import csv
import io
import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from perigrid.base.errors import ElementSetError, Problem
from perigrid.base.time import Epoch
from perigrid.scenario.json_records import Record, array_records, parse_json
from perigrid.scenario.problems import Place, SourceText, did_you_mean
from perigrid.scenario.raw_elements import Raw, check_unique, out_of_range, wrong_type

FIELDS: Final = {
    "MEAN_MOTION": "mean_motion_rev_per_day",
    "ECCENTRICITY": "eccentricity",
    "INCLINATION": "inclination_deg",
    "RA_OF_ASC_NODE": "raan_deg",
    "ARG_OF_PERICENTER": "argument_of_perigee_deg",
    "MEAN_ANOMALY": "mean_anomaly_deg",
    "BSTAR": "bstar",
}
REQUIRED: Final = ("OBJECT_NAME", "EPOCH", "NORAD_CAT_ID", *FIELDS)
FIXED: Final = {"CENTER_NAME": "EARTH", "REF_FRAME": "TEME", "TIME_SYSTEM": "UTC"}
THEORIES: Final = ("SGP4", "SGP/SGP4")
"""Names of the theory that is flown; the second is the standard's own."""
UNITS: Final = {
    "MEAN_MOTION": "rev/day",
    "INCLINATION": "deg",
    "RA_OF_ASC_NODE": "deg",
    "ARG_OF_PERICENTER": "deg",
    "MEAN_ANOMALY": "deg",
    "BSTAR": "1/ER",
}
_AGAIN: Final = "fetch the element set again"
_XP: Final = ("BTERM", "AGOM")
"""Keywords that only SGP4-XP has."""

Places = Callable[[str], Place]
"""Where a keyword of a message stands, or the message itself."""


def parse_omm_json(text: str, path: str) -> tuple[Raw, ...]:
    """Read a JSON array of OMM objects.

    Parameters
    ----------
    text, path : str
        Content and name of the file.

    Returns
    -------
    tuple of Raw
        In the order of the file.

    Raises
    ------
    ElementSetError
        With every wrong record.
    """
    source = SourceText.of(path, text)
    document = parse_json(text, source, ElementSetError)
    if isinstance(document, dict):
        records = [Record(document, text.index("{"), len(text), text)]
    elif isinstance(document, list):
        records = array_records(document, text, text.index("["))
    else:
        message = "is neither an OMM object nor a list of them"
        raise ElementSetError([source.place(1).problem(message, "give a JSON array of OMM")])
    return read_messages(((r.value, _JsonPlaces(r, source)) for r in records), source)


def parse_omm_csv(text: str, path: str) -> tuple[Raw, ...]:
    """Read OMM as a table with a header line.

    Parameters
    ----------
    text, path : str
        Content and name of the file.

    Returns
    -------
    tuple of Raw
        In the order of the file.

    Raises
    ------
    ElementSetError
        With every wrong row, or the columns that are missing.
    """
    source = SourceText.of(path, text)
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as failure:
        raise ElementSetError(
            [source.place(reader.line_num).problem(f"is not CSV: {failure}", "mend the quotes")]
        ) from failure
    header = [name.strip() for name in rows[0][1]]
    _check_header(header, source.place(rows[0][0], 1, len(",".join(header))))
    _check_widths(rows, header, source)
    body = itertools.islice(rows, 1, None)
    return read_messages((_csv_message(line, header, row, source) for line, row in body), source)


def _csv_message(
    line: int, header: list[str], row: list[str], source: SourceText
) -> tuple[dict[str, str], Places]:
    cells = {name: cell.strip() for name, cell in zip(header, row, strict=True)}
    return cells, _CsvPlaces(line, header, row, source)


def _check_header(header: list[str], place: Place) -> None:
    missing = set(REQUIRED) - set(header)
    if len(missing) > len(REQUIRED) // 2:
        words = "is a table, but not of OMM: its header lacks " + ", ".join(sorted(missing))
        raise ElementSetError([place.problem(words, "ask for FORMAT=csv with a header line")])
    problems = [
        place.problem(
            f"column is missing{did_you_mean(name, set(header) - set(REQUIRED))}",
            "ask for FORMAT=csv with a header line",
            name,
        )
        for name in REQUIRED
        if name not in header
    ]
    problems += [
        place.problem("column is given twice", "keep one", name)
        for name, count in sorted(Counter(header).items())
        if count > 1
    ]
    if problems:
        raise ElementSetError(problems)


def _check_widths(rows: list[tuple[int, list[str]]], header: list[str], source: SourceText) -> None:
    problems = [
        source.place(line, 1, len(",".join(row))).problem(
            f"has {len(row)} cells, the header has {len(header)}",
            "fetch the file again: the row is cut",
            f"row {line}",
        )
        for line, row in rows
        if len(row) != len(header)
    ]
    if problems:
        raise ElementSetError(problems)


class _JsonPlaces:
    """Places of the keys of one JSON record."""

    def __init__(self, record: Record, source: SourceText) -> None:
        self.record, self.source = record, source

    def __call__(self, key: str) -> Place:
        offset = self.record.offset_of(key)
        width = len(key) + 2 if offset != self.record.offset else 1
        return self.source.place_of_offset(offset, width)


class _CsvPlaces:
    """Places of the cells of one CSV row."""

    def __init__(self, line: int, header: list[str], row: list[str], source: SourceText) -> None:
        self.line, self.header, self.row, self.source = line, header, row, source

    def __call__(self, key: str) -> Place:
        if key not in self.header:
            return self.source.place(self.line)
        index = self.header.index(key)
        column = sum(len(cell) + 1 for cell in self.row[:index]) + 1
        return self.source.place(self.line, column, max(1, len(self.row[index])))


def read_messages(
    records: Iterable[tuple[object, Places]], source: SourceText, problems: Iterable[Problem] = ()
) -> tuple[Raw, ...]:
    """Turn messages of any form into elements.

    Parameters
    ----------
    records : iterable of (object, Places)
        Each message as a mapping of keywords to values, with the places of its keywords.
    source : SourceText
        The file.
    problems : iterable of Problem
        Found already.

    Returns
    -------
    tuple of Raw
        In the order of the file.

    Raises
    ------
    ElementSetError
        With every wrong message.
    """
    wrong, found, foreign = list(problems), [], True
    for record, places in records:
        here = list(_problems(record, places))
        foreign = foreign and isinstance(record, Mapping) and not any(map(record.get, REQUIRED))
        wrong += here
        if not here and isinstance(record, Mapping):
            raw = _decode(record)
            found.append((raw, places("NORAD_CAT_ID")))
            wrong += _out_of_range(raw, places)
    if foreign and wrong and not problems:
        wrong = [source.place(1).problem("holds no OMM: none of its keywords is there", _AGAIN)]
    wrong = wrong or check_unique(found)
    if not wrong and not found:
        wrong = [Place(source.path).problem("holds no element set", "give at least one")]
    if wrong:
        raise ElementSetError(wrong)
    return tuple(raw for raw, _ in found)


def _out_of_range(raw: Raw, places: Places) -> Iterator[Problem]:
    keywords = {attribute: name for name, attribute in FIELDS.items()} | {"name": "OBJECT_NAME"}
    for attribute, message in out_of_range(raw):
        name = keywords[attribute]
        yield places(name).problem(message, "check the source of the element set", name)


def _problems(record: object, places: Places) -> Iterator[Problem]:
    if not isinstance(record, Mapping):
        yield places("").problem("is not an OMM object", "give objects with the OMM keywords")
        return
    yield from _theory_problems(record, places)
    for name in REQUIRED:
        if _absent(record.get(name)):
            keys = itertools.islice((str(key) for key in record if key not in REQUIRED), 50)
            yield places(name).problem(f"is missing{did_you_mean(name, keys)}", _AGAIN, name)
    for name in FIELDS:
        if not _absent(record.get(name)) and _number(record[name]) is None:
            message = f"{str(record[name])!r} is not a finite number"
            yield places(name).problem(message, _AGAIN, name)
    for name, value in FIXED.items():
        given = record.get(name)
        if not _absent(given) and str(given).strip().upper() != value:
            message = f"is {str(given)!r}; SGP4 elements have {value}"
            yield places(name).problem(message, "export them in that system", name)
    yield from _identity_problems(record, places)


def _theory_problems(record: Mapping[str, Any], places: Places) -> Iterator[Problem]:
    """Refuse elements of another theory: their numbers look alike and mean another orbit."""
    theory, ephemeris = record.get("MEAN_ELEMENT_THEORY"), record.get("EPHEMERIS_TYPE")
    remedy = "ask for elements of SGP4 (EPHEMERIS_TYPE 0)"
    if not _absent(theory) and str(theory).strip().upper() not in THEORIES:
        message = f"is {str(theory)!r}; the propagator here is that of {' or '.join(THEORIES)}"
        yield places("MEAN_ELEMENT_THEORY").problem(message, remedy, "MEAN_ELEMENT_THEORY")
    elif not _absent(ephemeris) and (message := wrong_type(str(ephemeris).strip())):
        yield places("EPHEMERIS_TYPE").problem(message, remedy, "EPHEMERIS_TYPE")
    else:
        for name in _XP:
            if not _absent(record.get(name)):
                yield places(name).problem(wrong_type("4"), remedy, name)


def _identity_problems(record: Mapping[str, Any], places: Places) -> Iterator[Problem]:
    number, name = record.get("NORAD_CAT_ID"), record.get("OBJECT_NAME")
    if not _absent(name) and not isinstance(name, str):
        yield places("OBJECT_NAME").problem("is not text", "give the name in quotes", "OBJECT_NAME")
    if not _absent(number) and _catalogue_number(number) is None:
        yield places("NORAD_CAT_ID").problem(
            f"{str(number)!r} is no catalogue number", "give 1 to 9 digits", "NORAD_CAT_ID"
        )
    epoch = record.get("EPOCH")
    if not _absent(epoch):
        try:
            Epoch.from_iso(str(epoch))
        except ValueError as failure:
            yield places("EPOCH").problem(str(failure), "give UTC as 2026-08-22T12:00:00", "EPOCH")


def _absent(value: object) -> bool:
    return value is None or value == ""


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, str) and (not value.isascii() or "_" in value):
        return None
    try:
        result = float(value)
    except (ValueError, OverflowError):
        return None
    return result if math.isfinite(result) else None


def _catalogue_number(value: object) -> int | None:
    text = str(value).strip()
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or len(text) > 9:
        return None
    return int(text)


def _decode(record: Mapping[str, Any]) -> Raw:
    numbers = {attribute: float(record[name]) for name, attribute in FIELDS.items()}
    return Raw(
        name=str(record["OBJECT_NAME"]).strip(),
        norad_id=int(str(record["NORAD_CAT_ID"]).strip()),
        epoch=Epoch.from_iso(str(record["EPOCH"])),
        **numbers,
    )
