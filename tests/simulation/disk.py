"""A disk in memory, kept twice: power cuts, torn writes, bit flips, no space left."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

from perigrid.base.errors import RunFolderError
from perigrid.ledger.disk import Disk
from perigrid.ledger.leaf import FILE_NAME
from perigrid.ledger.record import RecordMark, last_mark

NO_SPACE = 28


class PowerCut(BaseException):
    """The machine stops: nothing after this line runs."""


class BrokenError(AssertionError):
    """An invariant does not hold; the first word is its name."""


class SimulatedDisk(Disk):
    """One growing file on two media; what was written and not synced may be lost in part.

    ``chance`` is that of a fault at each write and at each sync.
    """

    def __init__(self, rng: Random, faults: Counter[str]) -> None:
        self._rng, self._faults = rng, faults
        self.media = [bytearray(), bytearray()]
        self.flipped = [False, False]
        self.waiting = bytearray()
        self.dead = False
        self.chance = 0.0

    @property
    def durable(self) -> bytearray:
        """What outlives a power cut, without the damage done to it; not to be changed."""
        return self._good

    def append_to(self, path: Path, *, new: bool) -> SimulatedFile:
        if new:
            self._good = bytearray()
        return SimulatedFile(self)

    def happens(self) -> bool:
        return self._rng.random() < self.chance

    def cut(self, kind: str) -> None:
        self._faults[kind] += 1
        self.dead = True
        raise PowerCut

    def write(self, content: bytes) -> None:
        if self.dead:
            raise OSError(5, "the machine stopped")
        if self.happens():
            part = content[: self._rng.randrange(len(content) + 1)]
            self.waiting += part
            if self._rng.random() < 0.3:
                self._faults["full disk"] += 1
                raise OSError(NO_SPACE, "no space left")
            self.cut("torn write")
        self.waiting += content

    def sync(self) -> None:
        if self.dead:
            raise OSError(5, "the machine stopped")
        if self.happens():
            self.cut("crash at sync")
        self._settle(len(self.waiting))

    def truncate(self, nbytes: int) -> None:
        if self.dead:
            raise OSError(5, "the machine stopped")
        del self.waiting[max(nbytes - len(self._good), 0) :]
        del self._good[nbytes:]
        for medium in self.media:
            del medium[nbytes:]

    def _settle(self, nbytes: int) -> None:
        part = self.waiting[:nbytes]
        self._good += part
        for medium in self.media:
            medium += part
        self.waiting.clear()

    def flip(self) -> None:
        """Turn one bit of one medium; never of both, which no second copy would mend."""
        which = self._rng.randrange(2)
        if any(self.flipped) or not self._good:
            return
        # Half of all flips hit the last line, where a cut line and a damaged one look alike.
        begin = self._good.rfind(b"\n", 0, -1) + 1 if self._rng.random() < 0.5 else 0
        at = self._rng.choice((self._rng.randrange(begin, len(self._good)), len(self._good) - 1))
        self.media[which][at] ^= 1 << self._rng.randrange(8)
        self.flipped[which] = True
        self._faults["bit flip"] += 1

    def lose_power(self) -> None:
        """Lose what was not synced, but for a part of it."""
        self.dead = True
        self._settle(self._rng.randrange(len(self.waiting) + 1))

    def reopen(self, folder: Path) -> RecordMark:
        """Read both media back and go on from the one that the ledger finds whole."""
        self.dead = False
        marks: list[RecordMark] = []
        place = folder / FILE_NAME
        for medium, flipped in sorted(
            zip(self.media, self.flipped, strict=True), key=_flipped_last
        ):
            if marks and not flipped:
                continue  # byte for byte the same
            place.write_bytes(medium)
            try:
                mark = last_mark(folder)
            except RunFolderError:
                if not flipped:
                    raise
                continue
            if flipped and mark.nbytes < self._good.rfind(b"\n") + 1:
                raise BrokenError("damage: a bit flip in the last record was taken for a cut line")
            if self._good[: mark.nbytes] != medium[: mark.nbytes]:
                raise BrokenError("damage: a bit flip was not found at reopening")
            marks.append(mark)
        mark = max(marks, key=lambda one: one.nbytes)
        del self._good[mark.nbytes :]  # a line that the power cut tore
        self.flipped = [False, False]
        self.media = [bytearray(self._good), bytearray(self._good)]
        place.write_bytes(self._good)
        return mark


def _flipped_last(one: tuple[bytearray, bool]) -> bool:
    return one[1]


class SimulatedFile:
    """The open file; it dies with the machine."""

    def __init__(self, disk: SimulatedDisk) -> None:
        self.write, self.sync, self.truncate = disk.write, disk.sync, disk.truncate

    def close(self) -> None:
        """Nothing is held."""
