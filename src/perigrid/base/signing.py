"""Ed25519 keys and signatures, written as C2SP signed notes write them.

No file is read or written here: :mod:`perigrid.ledger.keys` does that.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from perigrid.base.errors import InputError, Problem

ED25519: Final = 0x01
"""Signature type of a plain Ed25519 signature over the text of a note."""
COSIGNATURE: Final = 0x04
"""Signature type of a timestamped Ed25519 witness cosignature."""
KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
SIMULATED: Final = "simulated/"
"""Names of keys that anyone can derive from a scenario's seed begin so; they prove nothing."""
PRIVATE_PREFIX: Final = "PRIVATE+KEY+"

_KINDS: Final = frozenset({ED25519, COSIGNATURE})
_NAME: Final = re.compile(r"[^\s+\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class VerifyKey:
    """A public key with the name it signs under.

    Parameters
    ----------
    name : str
        Not empty, without white space and ``+``.
    public : bytes
        Raw Ed25519 public key, 32 bytes.
    kind : int
        :data:`ED25519` or :data:`COSIGNATURE`.

    Raises
    ------
    ValueError
        If the name, the length or the kind is not one a note can carry.

    References
    ----------
    C2SP, signed-note, https://c2sp.org/signed-note: ``<name>+<key id>+<base64(kind || key)>``.
    """

    name: str
    public: bytes
    kind: int = ED25519

    def __post_init__(self) -> None:
        _check(self.name, self.public, self.kind)

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256 over name, newline, kind and key."""
        hashed = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(hashed).digest()[:4]

    @property
    def signer_id(self) -> str:
        """What stands for a person's key in records: a hash of the key alone, of no name.

        The first eight bytes of SHA-256 over a line of text, kind and key, hexadecimal.
        """
        hashed = b"perigrid signer\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(hashed).digest()[:8].hex()

    @property
    def is_simulated(self) -> bool:
        """Whether the key belongs to a simulated person or machine."""
        return self.name.startswith(SIMULATED)

    def encode(self) -> str:
        """Write the key as one line of text.

        Returns
        -------
        str
            The C2SP verifier key.
        """
        return _encode(self.name, self.key_id, self.kind, self.public)

    @classmethod
    def parse(cls, text: str) -> VerifyKey:
        """Read one line of text.

        Parameters
        ----------
        text : str
            The C2SP verifier key, without white space around it.

        Returns
        -------
        VerifyKey
            The key.

        Raises
        ------
        InputError
            If the text is no verifier key, or its key id is not that of its name and key.
        """
        name, key_id, kind, public = _split(text, "a verifier key")
        key = cls(name, public, kind)
        if key.key_id != key_id:
            raise InputError(
                [_problem("a verifier key", "the key id does not belong to the name and the key")]
            )
        return key

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Check a signature.

        Parameters
        ----------
        message : bytes
            What is said to have been signed.
        signature : bytes
            64 bytes; anything else is refused.

        Returns
        -------
        bool
            True only if this key signed exactly this message; never raises on bad input.
        """
        from nacl.bindings import crypto_sign_open  # noqa: PLC0415  slow to import
        from nacl.exceptions import CryptoError  # noqa: PLC0415

        if len(signature) != SIGNATURE_BYTES:
            return False
        try:
            crypto_sign_open(signature + message, self.public)
        except CryptoError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with the name it signs under.

    Parameters
    ----------
    name : str
        Not empty, without white space and ``+``.
    seed : bytes
        Ed25519 seed, 32 bytes; never shown.
    kind : int
        :data:`ED25519` or :data:`COSIGNATURE`.

    Raises
    ------
    ValueError
        If the name, the length or the kind is not one a note can carry.
    """

    name: str
    seed: bytes = field(repr=False)
    kind: int = ED25519

    def __post_init__(self) -> None:
        _check(self.name, self.seed, self.kind)

    @property
    def verify_key(self) -> VerifyKey:
        """The public half."""
        return VerifyKey(self.name, _pair(self.seed)[0], self.kind)

    def sign(self, message: bytes) -> bytes:
        """Sign a message.

        Parameters
        ----------
        message : bytes
            Any length.

        Returns
        -------
        bytes
            64 bytes, the same every time.
        """
        from nacl.bindings import crypto_sign  # noqa: PLC0415  slow to import

        return crypto_sign(message, _pair(self.seed)[1])[:SIGNATURE_BYTES]

    def encode(self) -> str:
        """Write the private key as one line of text; keep it from others.

        Returns
        -------
        str
            ``PRIVATE+KEY+<name>+<key id>+<base64(kind || seed)>``.
        """
        key_id = self.verify_key.key_id
        return PRIVATE_PREFIX + _encode(self.name, key_id, self.kind, self.seed)

    @classmethod
    def parse(cls, text: str) -> SigningKey:
        """Read one line of text.

        Parameters
        ----------
        text : str
            As :meth:`encode` writes it.

        Returns
        -------
        SigningKey
            The key.

        Raises
        ------
        InputError
            If the text is no private key; the message does not repeat it.
        """
        if not text.startswith(PRIVATE_PREFIX):
            raise InputError(
                [_problem("a private key", f"it does not begin with {PRIVATE_PREFIX}")]
            )
        name, key_id, kind, seed = _split(text.removeprefix(PRIVATE_PREFIX), "a private key")
        key = cls(name, seed, kind)
        if key.verify_key.key_id != key_id:
            raise InputError(
                [_problem("a private key", "the key id does not belong to the name and the key")]
            )
        return key

    @classmethod
    def simulated(cls, role: str, seed: int, kind: int = ED25519) -> SigningKey:
        """Derive the key of a simulated person or machine, the same for the same seed.

        Parameters
        ----------
        role : str
            Who signs, such as ``flight-director``; the name becomes ``simulated/<role>``.
        seed : int
            The scenario's seed. Whoever knows it has the key: such signatures prove nothing
            outside the simulation.
        kind : int
            :data:`ED25519` or :data:`COSIGNATURE`.

        Returns
        -------
        SigningKey
            A key whose name says that it is simulated.
        """
        name = SIMULATED + role
        hashed = f"perigrid simulated key\n{seed}\n{kind}\n{name}".encode()
        return cls(name, hashlib.sha256(hashed).digest(), kind)


def _check(name: str, key: bytes, kind: int) -> None:
    if _NAME.fullmatch(name) is None:
        raise ValueError(f"a key's name has no white space and no '+': {name!r}")
    if len(key) != KEY_BYTES:
        raise ValueError(f"an Ed25519 key has {KEY_BYTES} bytes, not {len(key)}")
    if kind not in _KINDS:
        raise ValueError(f"signature type {kind:#04x} is not known")


def _encode(name: str, key_id: bytes, kind: int, key: bytes) -> str:
    return f"{name}+{key_id.hex()}+{base64.b64encode(bytes([kind]) + key).decode()}"


def _split(text: str, what: str) -> tuple[str, bytes, int, bytes]:
    """Take a key's text apart: name, key id, kind, key."""
    parts = text.split("+", 2)  # base64 may hold a plus, a name may not
    if len(parts) != 3 or _NAME.fullmatch(parts[0]) is None:
        raise InputError([_problem(what, "it is not <name>+<key id>+<base64>")])
    if re.fullmatch(r"[0-9a-f]{8}", parts[1]) is None:
        raise InputError([_problem(what, "the key id is not eight hexadecimal digits")])
    try:
        content = base64.b64decode(parts[2], validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError([_problem(what, "the key is not base64")]) from error
    if base64.b64encode(content).decode() != parts[2]:
        raise InputError([_problem(what, "the key is not base64 in its only spelling")])
    if len(content) != 1 + KEY_BYTES or content[0] not in _KINDS:
        raise InputError([_problem(what, "it is no Ed25519 key of a known type")])
    return parts[0], bytes.fromhex(parts[1]), content[0], content[1:]


def _problem(what: str, message: str) -> Problem:
    return Problem(f"this is not {what}: {message}", "copy the whole line")


@lru_cache(maxsize=64)
def _pair(seed: bytes) -> tuple[bytes, bytes]:
    """Public key, and the private key as libsodium wants it."""
    from nacl.bindings import crypto_sign_seed_keypair  # noqa: PLC0415  slow to import

    public, private = crypto_sign_seed_keypair(seed)
    return bytes(public), bytes(private)
