"""Orbit mean-elements messages (CCSDS 502.0) as CelesTrak and Space-Track give them: CSV and JSON.

Catalogue numbers of any length fit here, which a TLE cannot hold.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from perigrid.base.errors import ElementSetError, Problem
from perigrid.base.time import Epoch
from perigrid.scenario.json_records import Record, array_records, parse_json
from perigrid.scenario.problems import Place, SourceText, did_you_mean
from perigrid.scenario.raw_elements import Raw, check_unique, out_of_range

FIELDS = {
    "MEAN_MOTION": "mean_motion_rev_per_day",
    "ECCENTRICITY": "eccentricity",
    "INCLINATION": "inclination_deg",
    "RA_OF_ASC_NODE": "raan_deg",
    "ARG_OF_PERICENTER": "argument_of_perigee_deg",
    "MEAN_ANOMALY": "mean_anomaly_deg",
    "BSTAR": "bstar",
}
REQUIRED = ("OBJECT_NAME", "EPOCH", "NORAD_CAT_ID", *FIELDS)
FIXED = {
    "CENTER_NAME": "EARTH",
    "REF_FRAME": "TEME",
    "TIME_SYSTEM": "UTC",
    "MEAN_ELEMENT_THEORY": "SGP4",
}


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
        records = [Record(document, text.index("{"), text)]
    elif isinstance(document, list):
        records = array_records(document, text, text.index("["))
    else:
        message = "is neither an OMM object nor a list of them"
        raise ElementSetError([source.place(1).problem(message, "give a JSON array of OMM")])
    return _read(((r.value, _JsonPlaces(r, source)) for r in records), source)


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
    places = [_CsvPlaces(line, header, row, source) for line, row in rows[1:]]
    cells = [{h: c.strip() for h, c in zip(header, row, strict=True)} for _, row in rows[1:]]
    return _read(zip(cells, places, strict=True), source)


def _check_header(header: list[str], place: Place) -> None:
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
        for name in sorted({name for name in header if header.count(name) > 1})
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


_Places = _JsonPlaces | _CsvPlaces


def _read(records: Iterable[tuple[object, _Places]], source: SourceText) -> tuple[Raw, ...]:
    problems: list[Problem] = []
    found: list[tuple[Raw, Place]] = []
    for record, places in records:
        wrong = list(_problems(record, places))
        problems += wrong
        if not wrong and isinstance(record, Mapping):
            raw = _decode(record)
            found.append((raw, places("NORAD_CAT_ID")))
            omm_names = {attribute: name for name, attribute in FIELDS.items()}
            problems += [
                places(omm_names[name]).problem(
                    message, "check the source of the element set", omm_names[name]
                )
                for name, message in out_of_range(raw)
            ]
    if not problems:
        problems = check_unique(found)
    if not problems and not found:
        problems = [Place(source.path).problem("holds no element set", "give at least one")]
    if problems:
        raise ElementSetError(problems)
    return tuple(raw for raw, _ in found)


def _problems(record: object, places: _Places) -> Iterator[Problem]:
    if not isinstance(record, Mapping):
        yield places("").problem("is not an OMM object", "give objects with the OMM keywords")
        return
    for name in REQUIRED:
        if _absent(record.get(name)):
            guess = did_you_mean(name, {str(key) for key in record} - set(REQUIRED))
            yield places(name).problem(f"is missing{guess}", "fetch the element set again", name)
    for name in FIELDS:
        if not _absent(record.get(name)) and _number(record[name]) is None:
            yield places(name).problem(
                f"'{record[name]}' is not a finite number", "fetch the element set again", name
            )
    for name, value in FIXED.items():
        given = record.get(name)
        if not _absent(given) and given != value:
            yield places(name).problem(
                f"is {given}; SGP4 elements have {value}", "export them in that system", name
            )
    yield from _identity_problems(record, places)


def _identity_problems(record: Mapping[str, Any], places: _Places) -> Iterator[Problem]:
    number = record.get("NORAD_CAT_ID")
    if not _absent(number) and _catalogue_number(number) is None:
        yield places("NORAD_CAT_ID").problem(
            f"'{number}' is no catalogue number", "give 1 to 9 digits", "NORAD_CAT_ID"
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
    text = str(value)
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or len(text) > 9:
        return None
    return int(text)


def _decode(record: Mapping[str, Any]) -> Raw:
    numbers = {attribute: float(record[name]) for name, attribute in FIELDS.items()}
    return Raw(
        name=str(record["OBJECT_NAME"]),
        norad_id=int(str(record["NORAD_CAT_ID"])),
        epoch=Epoch.from_iso(str(record["EPOCH"])),
        **numbers,
    )
