"""Who is behind the keys of a record and why they gave orders, for as long as it may be known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from perigrid.base.errors import RunFolderError
from perigrid.base.messages import Ordered
from perigrid.ledger.leaf import FILE_NAME as RECORD
from perigrid.ledger.leaf import parse_line
from perigrid.ledger.side_store import COMMITMENT_KEY, Entry, parse_side_store
from perigrid.ledger.side_store import FILE_NAME as SIDE
from perigrid.ledger.source import Source

LEDGER: Final = "ledger"
_ORDERED: Final = f'"{Ordered.__name__}"'.encode()
ERASED: Final = "erased"
LOST: Final = "missing"
PEOPLE: Final = "people"
"""Key of the pins under which stands, by key id, what stands for a person."""


@dataclass(frozen=True, slots=True)
class Someone:
    """The person behind some keys.

    Parameters
    ----------
    keys : tuple of str
        Key ids.
    commitment : str
        What stands for the person in the pins.
    name : str
        :data:`ERASED` or :data:`LOST` if it is no longer known.
    roles : tuple of str
        Empty if they are no longer known.
    """

    keys: tuple[str, ...]
    commitment: str
    name: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said with an order.

    Parameters
    ----------
    sequence : int
        Record that holds the order.
    kind, key, role : str
        Kind of order, and by whose key in which role it was signed.
    commitment : str
        What stands for the words in the record.
    words : str
        :data:`ERASED` or :data:`LOST` if they are no longer known.
    """

    sequence: int
    kind: str
    key: str
    role: str
    commitment: str
    words: str


class Personal:
    """What the side store of one run holds, beside what its record says.

    Parameters
    ----------
    entries : iterable of Entry
        The side store.
    pins : mapping
        What the run was pinned to.
    """

    def __init__(self, entries: Iterable[Entry], pins: Mapping[str, Any]) -> None:
        self._entries = {one.commitment: one for one in entries}
        stated = pins.get(PEOPLE)
        self._of_key: dict[str, str] = {}
        for key, held in stated.items() if isinstance(stated, dict) else ():
            self._of_key[key] = str(held.get(COMMITMENT_KEY, "")) if isinstance(held, dict) else ""

    @classmethod
    def parse(cls, side_store: bytes, pins: Mapping[str, Any]) -> Personal:
        """Read it from a side store's file.

        Parameters
        ----------
        side_store : bytes
            Nothing can be told of one that was altered.
        pins : mapping
            What the run was pinned to.

        Returns
        -------
        Personal
            What it says.
        """
        try:
            return cls(parse_side_store(side_store, ""), pins)
        except RunFolderError:
            return cls((), pins)

    def people(self) -> list[Someone]:
        """List who may sign.

        Returns
        -------
        list of Someone
            One a person, in order of their first key ids.
        """
        keys: dict[str, list[str]] = {}
        for key, commitment in sorted(self._of_key.items()):
            keys.setdefault(commitment, []).append(key)
        return [self._someone(tuple(own), commitment) for commitment, own in keys.items()]

    def who(self, key: str) -> str:
        """Say who is behind a key.

        Parameters
        ----------
        key : str
            Key id.

        Returns
        -------
        str
            A name, :data:`ERASED`, :data:`LOST`, or nothing for a key that the run does not know.
        """
        commitment = self._of_key.get(key)
        return "" if commitment is None else self._someone((key,), commitment).name

    def words(self, commitment: str) -> str:
        """Say what stands behind a commitment.

        Parameters
        ----------
        commitment : str
            In a record.

        Returns
        -------
        str
            The words, :data:`ERASED` or :data:`LOST`.
        """
        value = self._value(commitment)
        return value if isinstance(value, str) else LOST

    def said(self, orders: Iterable[tuple[int, Mapping[str, Any]]]) -> list[Said]:
        """List what people said with their orders.

        Parameters
        ----------
        orders : iterable of (int, mapping)
            From :func:`orders_in`.

        Returns
        -------
        list of Said
            In order.
        """
        found = []
        for sequence, order in orders:
            reason = order.get("reason")
            commitment = str(reason.get(COMMITMENT_KEY, "")) if isinstance(reason, dict) else ""
            kind, key, role = (str(order.get(name, "")) for name in ("kind", "signer", "role"))
            # Records of earlier versions hold the words themselves.
            words = reason if isinstance(reason, str) else self.words(commitment)
            found.append(Said(sequence, kind, key, role, commitment, words))
        return found

    def _someone(self, keys: tuple[str, ...], commitment: str) -> Someone:
        value = self._value(commitment)
        if not isinstance(value, dict):
            return Someone(keys, commitment, str(value))
        roles = value.get("roles")
        listed = tuple(map(str, roles)) if isinstance(roles, list) else ()
        return Someone(keys, commitment, str(value.get("name", LOST)), listed)

    def _value(self, commitment: str) -> Any:  # noqa: ANN401  JSON values
        """Give a value only if it is the one that the record committed to."""
        entry = self._entries.get(commitment)
        if entry is None or not entry.holds():
            return LOST
        return ERASED if entry.erased else entry.value


def orders_in(entry: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Find the orders in a record.

    Parameters
    ----------
    entry : mapping
        A record.

    Yields
    ------
    (int, mapping)
        Sequence number of the record, and a signed order as JSON values.
    """
    events = entry.get("events")
    for event in events if isinstance(events, list) else ():
        if isinstance(event, dict) and event.get("type") == Ordered.__name__:
            order = event.get("order")
            if isinstance(order, dict):
                yield int(entry["sequence"]), order


def read_personal(run: Source) -> tuple[list[Someone], list[Said]]:
    """Read what a run says of people, without verifying it.

    Parameters
    ----------
    run : Source
        Folder or bundle of one run.

    Returns
    -------
    people : list of Someone
        Who may sign.
    said : list of Said
        Why people gave orders.

    Raises
    ------
    RunFolderError
        If there is no record.
    """
    first, *lines = run.read(f"{LEDGER}/{RECORD}").split(b"\n")
    begins = parse_line(first)
    pins = {} if begins is None else begins.entry.get("pins")
    side = f"{LEDGER}/{SIDE}"
    content = run.read(side) if run.has(side) else b""
    personal = Personal.parse(content, pins if isinstance(pins, dict) else {})
    # Few records hold an order; the others need not be parsed.
    parsed = (parse_line(raw) for raw in lines if _ORDERED in raw)
    orders = [one for line in parsed if line is not None for one in orders_in(line.entry)]
    return personal.people(), personal.said(orders)


def person_line(one: Someone) -> str:
    """Say for a terminal who somebody is.

    Parameters
    ----------
    one : Someone
        From :meth:`Personal.people`.

    Returns
    -------
    str
        With the beginning of the commitment by which it can be erased.
    """
    roles = f" ({', '.join(one.roles)})" if one.roles else ""
    return f"key {', '.join(one.keys)} is of: {one.name}{roles}, commitment {one.commitment[:16]}"


def said_line(one: Said) -> str:
    """Say for a terminal why somebody gave an order.

    Parameters
    ----------
    one : Said
        From :meth:`Personal.said`.

    Returns
    -------
    str
        With the beginning of the commitment by which it can be erased.
    """
    by = f"{one.kind} in record {one.sequence} by {one.role}, key {one.key}"
    return f"{by}: {one.words}, commitment {one.commitment[:16]}"
