"""Personal data beside the ledger: a record holds only a salted hash, so the data can be erased.

A record can never be taken out of a Merkle log. What concerns a person therefore stays out of it:
the record holds ``SHA-256(salt || canonical JSON)``, the side store holds value and salt. Once both
are erased the hash says nothing of the person, and every proof still holds.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from perigrid.base.codec import TYPE_KEY, canonical_json
from perigrid.base.errors import Problem, RunFolderError
from perigrid.base.withheld import SALT_BYTES, Told, commit
from perigrid.ledger.disk import locked_folder, replace_file
from perigrid.ledger.regular import read_regular

FILE_NAME: Final = "side.jsonl"
COMMITMENT_KEY: Final = "commitment"
"""In a record, an object with this key, beside its type alone, stands for such a value."""
STANDS_FOR: Final = frozenset({COMMITMENT_KEY, TYPE_KEY})
"""Keys of such an object."""
_HEX: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the side store.

    Parameters
    ----------
    commitment : str
        Salted hash, as in the record.
    value : object
        JSON values; None once erased.
    salt : bytes
        Empty once erased.
    """

    commitment: str
    value: Any = None
    salt: bytes = b""

    @property
    def erased(self) -> bool:
        """Whether only the hash is left."""
        return not self.salt

    def holds(self) -> bool:
        """Check that the value is the one that was committed to.

        Returns
        -------
        bool
            True of an erased entry, which claims nothing.
        """
        return self.erased or commit(self.value, self.salt) == self.commitment

    def line(self) -> str:
        """Write the entry.

        Returns
        -------
        str
            Canonical JSON.
        """
        content = (
            {"erased": True} if self.erased else {"salt": self.salt.hex(), "value": self.value}
        )
        return canonical_json({COMMITMENT_KEY: self.commitment, **content})


class SideStore:
    """The erasable values of one ledger.

    Parameters
    ----------
    folder : Path
        The run's ``ledger`` folder.
    salts : callable, optional
        Gives 32 bytes; random if left out.
    """

    def __init__(self, folder: Path, salts: Callable[[], bytes] | None = None) -> None:
        self._path = folder / FILE_NAME
        self._salts = salts or (lambda: secrets.token_bytes(SALT_BYTES))

    def put(self, value: object) -> dict[str, str]:
        """Keep a value; it is on the disk before its hash can get into a record.

        Parameters
        ----------
        value : object
            JSON values.

        Returns
        -------
        dict
            What goes into the record in its place.
        """
        told = Told(value, self._salts())
        self.keep({told.withheld.commitment: told})
        return {COMMITMENT_KEY: told.withheld.commitment}

    def keep(self, told: Mapping[str, Told | None]) -> None:
        """Keep values whose salts are known; what is there already, erased or not, stays as it is.

        Parameters
        ----------
        told : mapping of str to Told
            By commitment; None for what nobody can tell, which counts as erased.
        """
        # Under the lock: who erases while a run goes on must not find the value back.
        with locked_folder(self._path.parent):
            entries = list(self.entries())
            known = {entry.commitment for entry in entries}
            new = [
                Entry(commitment) if one is None else Entry(commitment, one.value, one.salt)
                for commitment, one in told.items()
                if commitment not in known
            ]
            if new:
                self._write([*entries, *new])

    def erase(self, commitment: str) -> None:
        """Erase a value and its salt for good; the hash stays.

        Parameters
        ----------
        commitment : str
            As in the record.

        Raises
        ------
        RunFolderError
            If the store never held it.
        """
        with locked_folder(self._path.parent):
            entries = list(self.entries())
            if commitment not in {entry.commitment for entry in entries}:
                message = f"the side store holds nothing for {commitment}"
                remedy = "take the commitment from the record"
                raise RunFolderError([Problem(message, remedy, path=str(self._path))])
            # What a process that was killed while writing left behind holds the words too.
            for torn in self._path.parent.glob(f".{FILE_NAME}.*"):
                torn.unlink()
            self._write(
                Entry(commitment) if entry.commitment == commitment else entry for entry in entries
            )

    def entries(self) -> Iterator[Entry]:
        """Go through the store.

        Yields
        ------
        Entry
            In the order in which values came.
        """
        # A link that leads nowhere is there too, and is refused.
        if self._path.exists() or self._path.is_symlink():
            content = read_regular(self._path.parent, self._path.name)
            yield from parse_side_store(content, str(self._path))

    def _write(self, entries: Iterable[Entry]) -> None:
        content = "".join(f"{entry.line()}\n" for entry in entries)
        replace_file(self._path, content.encode(), mode=0o600)


def commitments_in(value: object) -> Iterator[str]:
    """Find what stands for personal data anywhere in a record.

    Parameters
    ----------
    value : object
        JSON values.

    Yields
    ------
    str
        Salted hashes.
    """
    if isinstance(value, dict):
        held = value.get(COMMITMENT_KEY)
        if isinstance(held, str) and value.keys() <= STANDS_FOR:
            yield held
            return
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            if isinstance(item, dict | list):
                yield from commitments_in(item)


def parse_side_store(content: bytes, path: str) -> list[Entry]:
    """Read a side store.

    Parameters
    ----------
    content : bytes
        The file.
    path : str
        Its name, for messages.

    Returns
    -------
    list of Entry
        Not checked against the hashes.

    Raises
    ------
    RunFolderError
        If a line is no entry, or a commitment stands twice: once erased, and once with its words.
    """
    entries: dict[str, Entry] = {}
    *lines, rest = content.split(b"\n")
    # A last line without its end was cut, however whole it looks.
    parsed = [_parse_line(line) for line in lines] + [None] * bool(rest)
    for number, entry in enumerate(parsed, start=1):
        if entry is None or entry.commitment in entries:
            no = "this is no entry of a side store"
            message = no if entry is None else f"{entry.commitment} stands twice"
            remedy = "the file was altered or cut"
            raise RunFolderError([Problem(message, remedy, path=path, line=number)])
        entries[entry.commitment] = entry
    return list(entries.values())


def _parse_line(line: bytes) -> Entry | None:
    """Read one line; None if it is not exactly what an entry writes."""
    try:
        row = json.loads(line)
        entry = Entry(row[COMMITMENT_KEY], row.get("value"), bytes.fromhex(row.get("salt", "")))
        same = entry.line().encode() == line and _HEX.fullmatch(entry.commitment) is not None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return entry if same else None
