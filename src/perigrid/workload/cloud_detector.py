"""The real s2cloudless cloud detector, executed: gradient-boosted trees on single pixels.

The package's own class imports the whole Sentinel Hub client (network code, about two seconds), of
which screening needs nothing. We load the model file that the package ships with LightGBM and do
the published post-processing ourselves; a test holds the two equal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

import lightgbm
import numpy as np
import numpy.typing as npt
from scipy import ndimage

from perigrid.base.errors import Problem, SceneError, WorkError

BANDS: Final = ("B01", "B02", "B04", "B05", "B08", "B8A", "B09", "B10", "B11", "B12")
"""Bands the model reads, in its order."""

ALL_BANDS: Final = (
    "B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12",
)  # fmt: skip
"""The 13 bands of a Sentinel-2 level-1C product, in its order."""

MODEL_BANDS: Final = tuple(ALL_BANDS.index(band) for band in BANDS)
"""Columns of a 13-band array that the model reads."""

PACKAGE: Final = "s2cloudless"
MODEL_FILE: Final = "s2cloudless/models/pixel_s2_cloud_detector_lightGBM_v0.1.txt"
TREES_PER_PASS: Final = 5
"""Trees walked by all pixels before the next ones: five stay in the processor's cache, which
measured a third faster than all 170 at once."""

LEAST_REFLECTANCE: Final = -0.1
MOST_REFLECTANCE: Final = 6.5535
"""Range of a level-1C product: 16-bit numbers over 10,000, with an offset of -1,000 since baseline
04.00 (Sentinel-2 Products Specification Document, S2-PDGS-TAS-DI-PSD, issue 14.9)."""

PIXEL_M: Final = 60.0
"""Pixel size the default post-processing is meant for [m]."""


@dataclass(frozen=True, slots=True)
class DetectorProvenance:
    """Which model answered: package, its version, and the SHA-256 of the model file."""

    package: str
    version: str
    model_file: str
    sha256: str


class CloudDetector:
    """Cloud mask of a Sentinel-2 level-1C scene by s2cloudless.

    Parameters
    ----------
    threshold : float
        Mean cloud probability above which a pixel is cloud.
    average_over : int
        Radius of the disk over which probabilities are averaged [pixels]; 0 for none.
    dilation : int
        Radius of the disk by which the mask is grown [pixels]; 0 for none.
    threads : int
        Threads that share the pixels of a scene.

    Raises
    ------
    WorkError
        If the s2cloudless package or its model file is missing or unreadable.

    Notes
    -----
    The defaults are the package authors' choice for pixels of 60 m. Each pixel is classified alone
    and LightGBM sums its trees in a fixed order, so equal pixels give equal answers on any machine
    with the same floating point and on any number of threads.

    One caller at a time: LightGBM keeps the range of trees of a prediction in the model, which all
    detectors of a process share, so that threads without a lock falsify each other's answers.

    References
    ----------
    s2cloudless, https://github.com/sentinel-hub/sentinel2-cloud-detector, MIT licence; model v0.1.
    Skakun et al. 2022, Cloud Mask Intercomparison eXercise, doi:10.1016/j.rse.2022.112990.
    """

    def __init__(
        self,
        *,
        threshold: float = 0.4,
        average_over: int = 4,
        dilation: int = 2,
        threads: int = 1,
    ) -> None:
        self.threads = threads
        self.threshold = threshold
        self.average_over = average_over
        self.dilation = dilation
        self.model, self.provenance = _load_model()

    def cloud_probability(self, reflectance: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
        """Probability of cloud in every pixel, before post-processing.

        Parameters
        ----------
        reflectance : (height, width, 10) float array
            Top-of-atmosphere reflectance in the order of :data:`BANDS` [1].

        Returns
        -------
        (height, width) float array
            Between 0 and 1.

        Raises
        ------
        SceneError
            If the array has another shape, holds no data or gaps, or is not reflectance.
        """
        return self._probabilities([reflectance])[0]

    def cloud_mask(self, reflectance: npt.NDArray[np.floating]) -> npt.NDArray[np.bool_]:
        """Find the cloud pixels of a scene.

        Parameters
        ----------
        reflectance : (height, width, 10) float array
            Top-of-atmosphere reflectance in the order of :data:`BANDS` [1].

        Returns
        -------
        (height, width) bool array
            True where the detector sees cloud.

        Raises
        ------
        SceneError
            If the array has another shape, holds no data or gaps, or is not reflectance.
        """
        return self.cloud_masks([reflectance])[0]

    def cloud_masks(
        self, scenes: Sequence[npt.NDArray[np.floating]]
    ) -> list[npt.NDArray[np.bool_]]:
        """Find the cloud pixels of several scenes in one go.

        Parameters
        ----------
        scenes : sequence of (height, width, 10) float arrays
            Of any sizes, as for :meth:`cloud_mask`.

        Returns
        -------
        list of (height, width) bool arrays
            What :meth:`cloud_mask` gives for each; threads meet less often than scene by scene.

        Raises
        ------
        SceneError
            If a scene has another shape, holds no data or gaps, or is not reflectance.
        """
        return [self._mask(probability) for probability in self._probabilities(scenes)]

    def _probabilities(
        self, scenes: Sequence[npt.NDArray[np.floating]]
    ) -> list[npt.NDArray[np.float32]]:
        """Walk all pixels through the trees."""
        scenes = [_readable(scene) for scene in scenes]
        if not scenes:
            return []
        pixels = np.concatenate([scene.reshape(-1, len(BANDS)) for scene in scenes])
        score = np.zeros(len(pixels))
        for first in range(0, self.model.num_trees(), TREES_PER_PASS):
            score += self.model.predict(
                pixels,
                start_iteration=first,
                num_iteration=TREES_PER_PASS,
                raw_score=True,
                num_threads=self.threads,
            )
        probability = (1.0 / (1.0 + np.exp(-score))).astype(np.float32)
        ends = np.cumsum([scene.shape[0] * scene.shape[1] for scene in scenes])
        parts = np.split(probability, ends[:-1])
        return [part.reshape(scene.shape[:2]) for part, scene in zip(parts, scenes, strict=True)]

    def _mask(self, probability: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
        """Average, compare and grow, as the package does."""
        if self.average_over:
            disk = _disk(self.average_over)
            probability = ndimage.convolve(
                probability, disk / np.float32(disk.sum()), mode="reflect", output=np.float32
            )
        mask = np.asarray(probability > np.float32(self.threshold))
        if self.dilation:
            mask = np.asarray(ndimage.binary_dilation(mask, _disk(self.dilation) > 0.0))
        return mask

    def cloud_fraction(self, reflectance: npt.NDArray[np.floating]) -> float:
        """Share of a scene's pixels that are cloud.

        Parameters
        ----------
        reflectance : (height, width, 10) float array
            Top-of-atmosphere reflectance in the order of :data:`BANDS` [1].

        Returns
        -------
        float
            Between 0 and 1.

        Raises
        ------
        SceneError
            If the array has another shape, holds no data or gaps, or is not reflectance.
        """
        return float(self.cloud_mask(reflectance).mean())


def model_path() -> Path:
    """Find the model file that the s2cloudless package ships, without importing the package.

    Returns
    -------
    pathlib.Path
        The LightGBM model in text form.

    Raises
    ------
    WorkError
        If the package is not installed or holds no such file.
    """
    try:
        path = Path(str(distribution(PACKAGE).locate_file(MODEL_FILE)))
    except PackageNotFoundError as error:
        raise WorkError(f"{PACKAGE} is not installed; run: pip install {PACKAGE}") from error
    if not path.is_file():
        raise WorkError(f"{PACKAGE} holds no {MODEL_FILE}; install it anew")
    return path


@cache
def _load_model() -> tuple[lightgbm.Booster, DetectorProvenance]:
    """Load the trees once per process."""
    path = model_path()
    text = path.read_bytes()
    digest = hashlib.sha256(text).hexdigest()
    try:
        booster = lightgbm.Booster(model_str=text.decode("ascii"))
    except (lightgbm.basic.LightGBMError, UnicodeDecodeError) as error:
        raise WorkError(f"{MODEL_FILE} is damaged; install {PACKAGE} anew ({error})") from error
    origin = DetectorProvenance(PACKAGE, distribution(PACKAGE).version, MODEL_FILE, digest)
    return booster, origin


def _readable(scene: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Refuse what the trees would answer without a word: they walk gaps and raw numbers too."""
    _refuse_shape(np.shape(scene))
    try:
        values = np.ma.filled(np.ma.asarray(scene).astype(np.float64), np.nan)
    except (TypeError, ValueError) as error:
        raise _unreadable(f"{np.asarray(scene).dtype} values are no reflectance") from error
    gaps = int(np.count_nonzero(~np.isfinite(values)))
    if gaps == values.size or not values.any():
        raise _unreadable("no data: every value is missing or 0", "leave the scene out")
    if gaps:
        raise _unreadable(
            f"{gaps} of {values.size} values are missing or infinite",
            "cut the scene to pixels with data in every band",
        )
    low, high = float(values.min()), float(values.max())
    if low < LEAST_REFLECTANCE or high > MOST_REFLECTANCE:
        raise _unreadable(
            f"values from {low:g} to {high:g} are no reflectance, which lies within "
            f"{LEAST_REFLECTANCE:g} and {MOST_REFLECTANCE:g}",
            "divide digital numbers of Sentinel-2 by 10,000, after adding the product's offset",
        )
    return values


def _refuse_shape(shape: tuple[int, ...]) -> None:
    """Refuse what is no scene of the model's bands with at least one pixel."""
    if len(shape) != 3 or shape[2] != len(BANDS):
        bands = "" if len(shape) != 3 else f": {shape[2]} bands"
        raise _unreadable(
            f"expected (height, width, {len(BANDS)}), got {shape}{bands}",
            f"give the bands {', '.join(BANDS)} last; of all 13 take [..., MODEL_BANDS]",
        )
    if 0 in shape:
        raise _unreadable(f"no data: a scene of {shape[0]} x {shape[1]} pixels", "leave it out")


def _unreadable(message: str, remedy: str = "give reflectance as numbers") -> SceneError:
    return SceneError([Problem(message, remedy)])


def _disk(radius: int) -> npt.NDArray[np.float32]:
    """Disk of ones: every pixel whose centre is within the radius."""
    y, x = np.ogrid[-radius : radius + 1, -radius : radius + 1]
    return np.asarray(x * x + y * y <= radius * radius, dtype=np.float32)
