"""Cloud masks of scenes that the detector has walked before, kept between runs.

The same model on the same pixels gives the same mask, so a mask is found by a digest of both. It is
believed only with a code under the user's own key, as checkpoints are; without one, or without a
place to keep it, the detector runs.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.sim.checkpoint_key import user_key
from perigrid.workload.cloud_detector import CloudDetector

Masks = list[npt.NDArray[np.bool_]]

MOST_FILES: Final = 4096
"""Kept at most; the oldest go. One holds some 8 kB."""
_SUFFIX: Final = ".masks"
_CODE_BYTES: Final = 32


class KeptDetector(CloudDetector):
    """The cloud detector; it walks no scenes twice.

    Parameters
    ----------
    folder : Path
        Where masks are kept; made when the first are.
    threads : int
        As for :class:`perigrid.workload.cloud_detector.CloudDetector`.
    """

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        super().__init__(threads=threads)
        self._folder = folder

    def cloud_masks(self, scenes: Sequence[npt.NDArray[np.floating]]) -> Masks:
        """Find the cloud pixels of several scenes, by looking up or by looking.

        Parameters
        ----------
        scenes : sequence of (height, width, 10) float arrays
            As for the detector itself.

        Returns
        -------
        list of (height, width) bool arrays
            What the detector says of each.

        Raises
        ------
        SceneError
            If a scene has another shape, holds no data or gaps, or is not reflectance.
        """
        name = self._digest(scenes)
        key = None
        with suppress(OSError):
            key = user_key()
        if key is not None and (found := self._read(name, key, scenes)) is not None:
            return found
        masks = super().cloud_masks(scenes)
        if key is not None and masks:
            with suppress(OSError):
                self._write(name, key, masks)
        return masks

    def _digest(self, scenes: Sequence[npt.NDArray[np.floating]]) -> str:
        """Name the model, its settings and every pixel."""
        settings = (self.threshold, self.average_over, self.dilation)
        found = hashlib.sha256(f"{self.provenance.sha256} {settings}".encode())
        for scene in scenes:
            pixels = np.ascontiguousarray(scene)
            found.update(f" {pixels.dtype.str} {pixels.shape} ".encode())
            found.update(pixels.data)
        return found.hexdigest()

    def _read(
        self, name: str, key: bytes, scenes: Sequence[npt.NDArray[np.floating]]
    ) -> Masks | None:
        try:
            content = (self._folder / f"{name}{_SUFFIX}").read_bytes()
        except OSError:
            return None
        code, bits = content[:_CODE_BYTES], content[_CODE_BYTES:]
        if not hmac.compare_digest(code, _code(key, name, bits)):
            return None
        sizes = [scene.shape[0] * scene.shape[1] for scene in scenes]
        flags = np.unpackbits(np.frombuffer(bits, dtype=np.uint8), count=sum(sizes)).astype(
            np.bool_
        )
        parts = np.split(flags, np.cumsum(sizes)[:-1])
        return [part.reshape(one.shape[:2]) for part, one in zip(parts, scenes, strict=True)]

    def _write(self, name: str, key: bytes, masks: Masks) -> None:
        bits = np.packbits(np.concatenate([mask.ravel() for mask in masks])).tobytes()
        self._folder.mkdir(parents=True, exist_ok=True)
        fresh = self._folder / f".{name}.{secrets.token_hex(4)}"
        try:
            with fresh.open("xb") as stream:
                stream.write(_code(key, name, bits) + bits)
                stream.flush()
                os.fsync(stream.fileno())
            fresh.replace(self._folder / f"{name}{_SUFFIX}")
        finally:
            fresh.unlink(missing_ok=True)
        self._drop_oldest()

    def _drop_oldest(self) -> None:
        kept = [entry for entry in os.scandir(self._folder) if entry.name.endswith(_SUFFIX)]
        if len(kept) <= MOST_FILES:
            return
        for entry in sorted(kept, key=lambda one: one.stat().st_mtime)[: MOST_FILES // 4]:
            Path(entry).unlink(missing_ok=True)


def _code(key: bytes, name: str, bits: bytes) -> bytes:
    return hmac.digest(key, b"masks " + name.encode() + bits, "sha256")
