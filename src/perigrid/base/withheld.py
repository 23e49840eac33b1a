"""What a person said, kept out of records: the record has a salted hash, which proves it later.

Who keeps value and salt can show that a record was about them; once both are gone the hash says
nothing of either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from perigrid.base.approvals import Withheld
from perigrid.base.codec import canonical_json

SALT_BYTES: Final = 32


def commit(value: object, salt: bytes) -> str:
    """Hash a value so that nobody can guess it.

    Parameters
    ----------
    value : object
        JSON values.
    salt : bytes
        32 random bytes, used once.

    Returns
    -------
    str
        Hexadecimal SHA-256.
    """
    return hashlib.sha256(salt + canonical_json(value).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Told:
    """A value with the salt under which a record knows it.

    Parameters
    ----------
    value : object
        JSON values.
    salt : bytes
        32 bytes, used once.
    """

    value: Any
    salt: bytes

    @property
    def withheld(self) -> Withheld:
        """What goes into a record, and under a signature, in its place."""
        return Withheld(commit(self.value, self.salt))


def simulated_salts(seed: int, what: str = "people") -> Callable[[], bytes]:
    """Make salts that are the same for the same seed, for simulated persons only.

    Parameters
    ----------
    seed : int
        The scenario's. Whoever knows it has the salts, and can test a guess of an erased value.
    what : str
        Salts of one purpose are never those of another.

    Returns
    -------
    callable
        Gives another salt at each call.
    """
    used = 0

    def salt() -> bytes:
        nonlocal used
        used += 1
        return hashlib.sha256(f"perigrid simulated salt\n{what}\n{seed}\n{used}".encode()).digest()

    return salt
