"""Merkle trees of RFC 6962: roots, inclusion and consistency proofs, and their verification.

Verifying never raises on bad input: a proof holds or it does not.

References
----------
B. Laurie, A. Langley, E. Kasper, "Certificate Transparency", RFC 6962, 2013, section 2.1.
B. Laurie, E. Messeri, R. Stradling, "Certificate Transparency Version 2.0", RFC 9162, 2021,
section 2.1: the verification algorithms.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
_sha256 = hashlib.sha256


def leaf_hash(leaf: bytes) -> bytes:
    """Hash a leaf.

    Parameters
    ----------
    leaf : bytes
        Its content.

    Returns
    -------
    bytes
        ``SHA-256(0x00 || leaf)``.
    """
    return _sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into one.

    Parameters
    ----------
    left, right : bytes
        Their hashes.

    Returns
    -------
    bytes
        ``SHA-256(0x01 || left || right)``.
    """
    return _sha256(b"\x01" + left + right).digest()


class CompactRange:
    """A growing log by the roots of its complete subtrees: one hash per bit set in its size.

    Parameters
    ----------
    size : int
        Leaves so far.
    hashes : sequence of bytes
        Roots of the complete subtrees, the largest first.

    Raises
    ------
    ValueError
        If the number of hashes is not that of the bits set in ``size``.
    """

    __slots__ = ("_hashes", "size")

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        if size < 0 or len(hashes) != size.bit_count():
            raise ValueError(f"{len(hashes)} subtree roots cannot stand for {size} leaves")
        self.size = size
        self._hashes = list(hashes)

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """Roots of the complete subtrees, the largest first."""
        return tuple(self._hashes)

    def append(self, hashed_leaf: bytes) -> int:
        """Add a leaf.

        Parameters
        ----------
        hashed_leaf : bytes
            From :func:`leaf_hash`.

        Returns
        -------
        int
            Index of the leaf.
        """
        index, merged = self.size, hashed_leaf
        while index & 1:  # a complete subtree of the same height stands to the left
            merged = _sha256(b"\x01" + self._hashes.pop() + merged).digest()
            index >>= 1
        self._hashes.append(merged)
        self.size += 1
        return self.size - 1

    def root(self) -> bytes:
        """Hash the whole log.

        Returns
        -------
        bytes
            The Merkle tree head.
        """
        if not self._hashes:
            return EMPTY_ROOT
        result = self._hashes[-1]
        for left in reversed(self._hashes[:-1]):
            result = node_hash(left, result)
        return result


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """Hash a whole log at once.

    Parameters
    ----------
    leaf_hashes : iterable of bytes
        From :func:`leaf_hash`, in order.

    Returns
    -------
    bytes
        The Merkle tree head.
    """
    tree = CompactRange()
    for hashed in leaf_hashes:
        tree.append(hashed)
    return tree.root()


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """Prove that a leaf stands at its place in a log.

    Parameters
    ----------
    leaf_hashes : sequence of bytes
        Of the whole log.
    index : int
        Of the leaf.

    Returns
    -------
    list of bytes
        Sibling hashes from the leaf up.

    Raises
    ------
    IndexError
        If there is no such leaf.
    """
    if not 0 <= index < len(leaf_hashes):
        raise IndexError(f"there is no leaf {index} in a log of {len(leaf_hashes)}")
    return _path(leaf_hashes, index, 0, len(leaf_hashes))


def _path(leaf_hashes: Sequence[bytes], index: int, begin: int, end: int) -> list[bytes]:
    """PATH(m, D[begin:end]) of RFC 6962, section 2.1.1."""
    if end - begin == 1:
        return []
    middle = begin + _split(end - begin)
    if index < middle:
        return [*_path(leaf_hashes, index, begin, middle), root(leaf_hashes[middle:end])]
    return [*_path(leaf_hashes, index, middle, end), root(leaf_hashes[begin:middle])]


def consistency_proof(leaf_hashes: Sequence[bytes], old_size: int) -> list[bytes]:
    """Prove that a log begins with an older state of itself.

    Parameters
    ----------
    leaf_hashes : sequence of bytes
        Of the whole log.
    old_size : int
        Leaves of the older state; at least 1.

    Returns
    -------
    list of bytes
        Empty if the sizes are the same.

    Raises
    ------
    IndexError
        If the older state is empty or the larger one.
    """
    if not 1 <= old_size <= len(leaf_hashes):
        raise IndexError(f"a log of {len(leaf_hashes)} has no older state of {old_size}")
    return _subproof(leaf_hashes, old_size, 0, len(leaf_hashes), whole=True)


def _subproof(
    leaf_hashes: Sequence[bytes], old_size: int, begin: int, end: int, *, whole: bool
) -> list[bytes]:
    """SUBPROOF(m, D[begin:end], whole) of RFC 6962, section 2.1.2."""
    if old_size == end:
        return [] if whole else [root(leaf_hashes[begin:end])]
    middle = begin + _split(end - begin)
    if old_size <= middle:
        inner = _subproof(leaf_hashes, old_size, begin, middle, whole=whole)
        return [*inner, root(leaf_hashes[middle:end])]
    inner = _subproof(leaf_hashes, old_size, middle, end, whole=False)
    return [*inner, root(leaf_hashes[begin:middle])]


def _split(size: int) -> int:
    """Find the largest power of two below a size."""
    return 1 << ((size - 1).bit_length() - 1)


def verify_inclusion(
    index: int, size: int, hashed_leaf: bytes, proof: Sequence[bytes], head: bytes
) -> bool:
    """Check that a leaf stands at its place in a log.

    Parameters
    ----------
    index, size : int
        Place of the leaf, leaves of the log.
    hashed_leaf : bytes
        From :func:`leaf_hash`.
    proof : sequence of bytes
        Sibling hashes from the leaf up.
    head : bytes
        Root of the log.

    Returns
    -------
    bool
        True only if the proof holds.

    References
    ----------
    RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size or not _are_hashes(hashed_leaf, head, *proof):
        return False
    first, last, result = index, size - 1, hashed_leaf
    for sibling in proof:
        if last == 0:
            return False
        if first & 1 or first == last:
            result = node_hash(sibling, result)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        first, last = first >> 1, last >> 1
    return last == 0 and result == head


def verify_consistency(
    old_size: int, new_size: int, old_head: bytes, new_head: bytes, proof: Sequence[bytes]
) -> bool:
    """Check that a log begins with an older state of itself.

    Parameters
    ----------
    old_size, new_size : int
        Leaves of the two states. An empty older state is refused: it would say nothing.
    old_head, new_head : bytes
        Their roots.
    proof : sequence of bytes
        From :func:`consistency_proof`.

    Returns
    -------
    bool
        True only if the proof holds.

    References
    ----------
    RFC 9162, section 2.1.4.2.
    """
    if not 1 <= old_size <= new_size or not _are_hashes(old_head, new_head, *proof):
        return False
    if old_size == new_size:
        return not proof and old_head == new_head
    path = [old_head, *proof] if old_size.bit_count() == 1 else list(proof)
    return bool(path) and _consistent(old_size - 1, new_size - 1, path) == (old_head, new_head)


def _consistent(first: int, last: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Roots of the older and the newer state that a path leads to; None if its length is wrong."""
    while first & 1:
        first, last = first >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if first & 1 or first == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        first, last = first >> 1, last >> 1
    return (old, new) if last == 0 else None


def _are_hashes(*hashes: bytes) -> bool:
    return all(len(one) == HASH_BYTES for one in hashes)
