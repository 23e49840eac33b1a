"""The land-cover classifier, executed: our own small network trained on EuroSAT, by ONNX Runtime.

The model card ``models/eurosat.md`` says how it was trained and what it scores.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt
import onnxruntime

from perigrid.base.errors import WorkError

PATCH_PX: Final = 64
"""Side of a patch [pixels]."""

PIXEL_M: Final = 10.0
"""Ground size of the pixels it was trained on [m]."""

BATCH: Final = 64
"""Patches per call of the runtime; bounds memory and keeps sums in one order."""

MODEL_FILE: Final = "eurosat.onnx"


@dataclass(frozen=True, slots=True)
class ClassifierProvenance:
    """Which model answered: file, its SHA-256, and the version of the runtime."""

    model_file: str
    sha256: str
    runtime: str


class Classifier:
    """Ten land covers of a 64 x 64 pixel patch.

    Parameters
    ----------
    model : bytes, optional
        An ONNX model with the same input and output; the shipped one if left out.

    Raises
    ------
    WorkError
        If the model is missing, damaged or of another shape.

    Notes
    -----
    Runs on one thread, in batches of fixed size, so that repeated runs give the same bits on the
    same processor; another instruction set may change the last digits of a probability.

    References
    ----------
    Helber et al. 2019, EuroSAT: a novel dataset and deep learning benchmark for land use and land
    cover classification, doi:10.1109/JSTARS.2019.2918242.
    """

    def __init__(self, model: bytes | None = None) -> None:
        data = _shipped_model() if model is None else model
        self._session = _session(data)
        meta = self._session.get_modelmeta().custom_metadata_map
        self.classes: tuple[str, ...] = tuple(json.loads(meta.get("classes", "[]")))
        if not self.classes:
            raise WorkError("the classifier's model names no classes; train it anew")
        self.provenance = ClassifierProvenance(
            MODEL_FILE if model is None else "given",
            hashlib.sha256(data).hexdigest(),
            f"onnxruntime {onnxruntime.__version__}",
        )

    def classify(
        self, rgb: npt.NDArray[np.uint8]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """Name the land cover of every patch.

        Parameters
        ----------
        rgb : (n, 64, 64, 3) uint8 array
            Patches in red, green, blue, reflectance 0 to 0.275 stretched to 0 to 255.

        Returns
        -------
        labels : (n,) int array
            Index into :attr:`classes`.
        probabilities : (n, 10) float32 array
            Sum to one per patch.

        Raises
        ------
        ValueError
            If the array has another shape or type.
        """
        if rgb.ndim != 4 or rgb.shape[1:] != (PATCH_PX, PATCH_PX, 3) or rgb.dtype != np.uint8:
            raise ValueError(f"expected uint8 (n, 64, 64, 3), got {rgb.dtype} {rgb.shape}")
        parts = [
            self._session.run(None, {"rgb": rgb[first : first + BATCH]})[0]
            for first in range(0, len(rgb), BATCH)
        ]
        empty = np.empty((0, len(self.classes)), dtype=np.float32)
        probabilities = np.concatenate([empty, *parts])
        return np.argmax(probabilities, axis=1).astype(np.int64), probabilities


@cache
def _shipped_model() -> bytes:
    """Read the model that comes with the package."""
    resource = files("perigrid.workload") / "models" / MODEL_FILE
    try:
        return resource.read_bytes()
    except OSError as error:
        raise WorkError(f"{MODEL_FILE} is missing from the installation ({error})") from error


def _session(data: bytes) -> onnxruntime.InferenceSession:
    """Open the model on one thread of the processor."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.use_deterministic_compute = True
    try:
        session = onnxruntime.InferenceSession(data, options, ["CPUExecutionProvider"])
    except Exception as error:
        # The runtime's errors have no common root short of Exception.
        raise WorkError(f"the classifier's model is damaged ({error})") from error
    shape = session.get_inputs()[0].shape[1:]
    if shape != [PATCH_PX, PATCH_PX, 3]:
        raise WorkError(f"the classifier's model reads {shape}, not 64 x 64 x 3")
    return session
