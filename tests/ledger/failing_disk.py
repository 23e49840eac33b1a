"""A disk that fails, or a machine that stops, at a chosen operation."""

from pathlib import Path

from perigrid.ledger.disk import AppendFile, Disk


class PowerCut(BaseException):
    """The machine stops: nothing after this line runs."""


class FailingDisk(Disk):
    """Fails at one write or sync, counted from 0 over the life of a file.

    ``error`` is raised there; a write leaves the first ``share`` of its bytes. A power cut also
    makes every clean-up fail, and takes from the file what was not synced, but for a part.
    """

    def __init__(self, fail_at: int, error: BaseException, share: float = 0.5) -> None:
        self.fail_at, self.error, self.share = fail_at, error, share
        self.done = 0
        self.path = Path()
        self.dead = False

    def append_to(self, path: Path, *, new: bool) -> AppendFile:
        self.path = path
        return _FailingFile(self, super().append_to(path, new=new))


class _FailingFile:
    def __init__(self, disk: FailingDisk, file: AppendFile) -> None:
        self._disk, self._file = disk, file
        self._written = self._synced = 0

    def _step(self) -> bool:
        """Whether this operation is the one that fails."""
        if self._disk.dead:
            raise OSError(5, "the machine stopped")
        self._disk.done += 1
        return self._disk.done - 1 == self._disk.fail_at

    def write(self, content: bytes) -> None:
        if self._step():
            part = content[: round(self._disk.share * len(content))]
            self._file.write(part)
            self._written += len(part)
            self._fail()
        self._file.write(content)
        self._written += len(content)

    def sync(self) -> None:
        if self._step():
            self._fail()
        self._file.sync()
        self._synced = self._written

    def _fail(self) -> None:
        if isinstance(self._disk.error, PowerCut):
            kept = self._synced + round(self._disk.share * (self._written - self._synced))
            self._file.truncate(kept)
            self._disk.dead = True
        raise self._disk.error

    def truncate(self, nbytes: int) -> None:
        if self._disk.dead:
            raise OSError(5, "the machine stopped")
        self._file.truncate(nbytes)
        self._written = nbytes
        self._synced = min(self._synced, nbytes)

    def close(self) -> None:
        self._file.close()
