"""Orbit mean-elements messages (CCSDS 502.0 and 505.0) in XML: one OMM, or an NDM of many.

The text is gone through once by expat; declarations of entities, which can blow a small file up
or name other files, are refused where they begin.
"""

from __future__ import annotations

from typing import Final
from xml.parsers import expat

from perigrid.base.errors import ElementSetError, Problem
from perigrid.scenario.omm import read_messages
from perigrid.scenario.omm_kvn import VERSION, Message
from perigrid.scenario.problems import Place, SourceText
from perigrid.scenario.raw_elements import Raw

MAX_DEPTH: Final = 40
_REPEATED: Final = frozenset({"COMMENT", "USER_DEFINED"})
_AGAIN: Final = "fetch or export the file again"


def parse_omm_xml(text: str, path: str) -> tuple[Raw, ...]:
    """Read an ``<omm>``, or an ``<ndm>`` of them.

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
        Where the text stops being XML or declares entities; else with every wrong message.
    """
    source = SourceText.of(path, text)
    reader = _Reader(source)
    try:
        reader.parser.Parse(text, True)  # noqa: FBT003  expat takes it by place
    except expat.ExpatError as failure:
        place = source.place(failure.lineno, failure.offset + 1)
        message = f"is not XML: {expat.ErrorString(failure.code)}"
        raise ElementSetError([place.problem(message, _AGAIN)]) from failure
    except UnicodeError as failure:
        raise ElementSetError([Place(path).problem("is not UTF-8 text", _AGAIN)]) from failure
    read = ((message.values, message.place_of) for message in reader.messages)
    return read_messages(read, source, reader.problems)


class _Reader:
    """Keeps the keywords of each message as the parser goes by them."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.messages: list[Message] = []
        self.problems: list[Problem] = []
        self._open: list[str] = []
        self._leaf: tuple[str, Place, str] | None = None  # keyword, place and unit
        self._words: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._declares
        self.parser.StartElementHandler = self._starts
        self.parser.EndElementHandler = self._ends
        self.parser.CharacterDataHandler = self._words.append

    def _place(self, width: int) -> Place:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber
        return self.source.place(line, column + 1, width)

    def _declares(self, *_: object) -> None:
        message, remedy = "declares a document type", "take the <!DOCTYPE ..> out: OMM has none"
        raise ElementSetError([self._place(9).problem(message, remedy)])

    def _starts(self, name: str, attributes: dict[str, str]) -> None:
        keyword = name.rpartition(":")[2]
        place = self._place(len(name) + 1)
        if len(self._open) >= MAX_DEPTH:
            raise ElementSetError([place.problem("is nested too deeply", _AGAIN)])
        if not self._open or self._open == ["ndm"]:
            self._message(keyword, attributes, place)
        self._open.append(keyword)
        self._words.clear()
        self._leaf = keyword, place, attributes.get("units", "")

    def _message(self, name: str, attributes: dict[str, str], place: Place) -> None:
        """Begin what stands at the root, or one step below an NDM."""
        if name == "omm":
            self.messages.append(Message(place))
            wrong = self.messages[-1].put(VERSION, attributes.get("version", "2.0").strip(), place)
            if wrong is not None:
                self.problems.append(wrong)
        elif name not in _REPEATED and (self._open or name != "ndm"):
            message = f"<{name}> is no message of mean elements"
            self.problems.append(place.problem(message, "keep <omm> only"))

    def _ends(self, _: str) -> None:
        self._open.pop()
        leaf, self._leaf = self._leaf, None
        if leaf is None or self._open[:1] not in (["omm"], ["ndm"]) or not self.messages:
            return
        keyword, place, unit = leaf
        if keyword.isupper() and keyword not in _REPEATED:
            wrong = self.messages[-1].put(keyword, "".join(self._words).strip(), place, unit)
            if wrong is not None:
                self.problems.append(wrong)
