"""JSON with places: where in the text each record of an array, and each of its keys, stands."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from perigrid.base.errors import InputError
from perigrid.scenario.forms import form_of
from perigrid.scenario.problems import SourceText

_BLANKS: Final = re.compile(r"[ \t\n\r,:]*")
_DECODER: Final = json.JSONDecoder()
_JSON: Final = "fetch or export the file again, as JSON"


@dataclass(frozen=True, slots=True)
class Record:
    """One element of a JSON array.

    Parameters
    ----------
    value : object
        As parsed.
    offset, end : int
        Where it starts in the text, and the character after it.
    text : str
        The whole text.
    """

    value: Any
    offset: int
    end: int
    text: str

    def offset_of(self, key: str) -> int:
        """Find a key of this record.

        Parameters
        ----------
        key : str
            Its name.

        Returns
        -------
        int
            Where ``"key"`` stands, or the record's start if it has no such key.
        """
        if not key or not isinstance(self.value, dict):
            return self.offset
        found = re.compile(rf'"{re.escape(key)}"\s*:').search(self.text, self.offset, self.end)
        return found.start() if found else self.offset


def parse_json(text: str, source: SourceText, error: type[InputError]) -> object:
    """Parse JSON, refusing NaN and Infinity, which are no JSON.

    Parameters
    ----------
    text : str
        The file's content.
    source : SourceText
        For the places.
    error : type of InputError
        What to raise.

    Returns
    -------
    object
        Plain Python values.

    Raises
    ------
    InputError
        Of the given type, at the character where the text stops being JSON.
    """
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as failure:
        other = form_of(text)
        if other.name not in {"", "JSON"}:
            raise error(
                [source.place(1).problem(f"is {other.words}, not JSON", _JSON)]
            ) from failure
        place = source.place(failure.lineno, failure.colno)
        raise error(
            [place.problem(f"is not JSON: {failure.msg}", "fetch or export the file again")]
        ) from failure
    except (ValueError, RecursionError) as failure:
        reason = "nested too deeply" if isinstance(failure, RecursionError) else str(failure)
        raise error.at(source.path, f"is not JSON: {reason}", remedy="give finite numbers "
                       "and plain records") from failure  # fmt: skip


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number in JSON")


def array_records(values: list[Any], text: str, bracket: int) -> list[Record]:
    """Find where the elements of a parsed array stand.

    Parameters
    ----------
    values : list
        The parsed array.
    text : str
        The text it was parsed from.
    bracket : int
        Offset of its opening bracket.

    Returns
    -------
    list of Record
        One per element.
    """
    records = []
    offset = bracket + 1
    for value in values:
        start = _past_blanks(text, offset)
        _, offset = _DECODER.raw_decode(text, start)
        records.append(Record(value, start, offset, text))
    return records


def value_offset(text: str, brace: int, key: str) -> int:
    """Find the value of a key of a parsed object.

    Parameters
    ----------
    text : str
        The text it was parsed from.
    brace : int
        Offset of its opening brace.
    key : str
        A key that it has.

    Returns
    -------
    int
        Where the value starts; of a key given twice the last, which is the one that counts.
    """
    found = brace
    offset = _past_blanks(text, brace + 1)
    while text[offset] != "}":
        name, offset = _DECODER.raw_decode(text, offset)
        offset = _past_blanks(text, offset)
        if name == key:
            found = offset
        _, offset = _DECODER.raw_decode(text, offset)
        offset = _past_blanks(text, offset)
    return found


def _past_blanks(text: str, offset: int) -> int:
    match = _BLANKS.match(text, offset)
    return match.end() if match else offset
