"""JSON with places: where in the text each record of an array, and each of its keys, stands."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NoReturn

from perigrid.base.errors import InputError
from perigrid.scenario.problems import SourceText

_BLANKS = " \t\n\r,"


@dataclass(frozen=True, slots=True)
class Record:
    """One element of a JSON array.

    Parameters
    ----------
    value : object
        As parsed.
    offset : int
        Where it starts in the text.
    text : str
        The whole text.
    """

    value: Any
    offset: int
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
        if not key or not isinstance(self.value, dict) or key not in json.dumps(self.value):
            return self.offset
        found = self.text.find(f'"{key}"', self.offset)
        return found if found >= 0 else self.offset


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
    decoder = json.JSONDecoder()
    records = []
    offset = bracket + 1
    for value in values:
        while text[offset] in _BLANKS:
            offset += 1
        records.append(Record(value, offset, text))
        _, offset = decoder.raw_decode(text, offset)
    return records
