"""Scenes on which the real detector has really run; a run gives every observation one of them.

What the detector said about a bank scene is what the satellite knows about the observation, right
or wrong, and decides whether it is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import special

from perigrid.scenario.model import Demand
from perigrid.scenario.pipeline import Pipeline
from perigrid.workload.classifier import Classifier
from perigrid.workload.cloud_detector import MODEL_BANDS, CloudDetector
from perigrid.workload.scenes import Scene, SceneRecipe

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

SCENE_PX = 64
GENERATED = "generated"
# Scenes walked through the detector's trees together: enough that threads seldom meet, few enough
# that progress is seen.
_SCENES_PER_PASS = 16


@dataclass(frozen=True, slots=True)
class RealScene:
    """A real Sentinel-2 scene with what is known about its clouds.

    Parameters
    ----------
    name : str
        How reports call it.
    reflectance : (height, width, 13) float array
        Top-of-atmosphere reflectance in product order, B8A at index 8 [1].
    cloud_fraction : float
        Share of cloud judged by a person; NaN if nobody has [1].
    """

    name: str
    reflectance: npt.NDArray[np.floating]
    cloud_fraction: float


@dataclass(frozen=True, slots=True)
class Confusion:
    """Answers of the detector against the truth; positive means cloud."""

    true_positive: int
    false_positive: int
    false_negative: int
    true_negative: int

    @property
    def precision(self) -> float:
        """Share of the positive answers that are right.

        Returns
        -------
        float
            NaN if there was no positive answer.
        """
        answered = self.true_positive + self.false_positive
        return self.true_positive / answered if answered else float("nan")

    @property
    def recall(self) -> float:
        """Share of the true positives that were found.

        Returns
        -------
        float
            NaN if there was nothing to find.
        """
        wanted = self.true_positive + self.false_negative
        return self.true_positive / wanted if wanted else float("nan")

    @classmethod
    def of(cls, seen: Bools, truth: Bools) -> Confusion:
        """Count the four cases.

        Parameters
        ----------
        seen, truth : bool array
            Answer and truth, of the same shape.

        Returns
        -------
        Confusion
            Counts that add up to the size of the arrays.
        """
        both = int(np.count_nonzero(seen & truth))
        n_seen, n_true = int(np.count_nonzero(seen)), int(np.count_nonzero(truth))
        return cls(both, n_seen - both, n_true - both, seen.size - n_seen - n_true + both)

    def __add__(self, other: Confusion) -> Confusion:
        return Confusion(
            self.true_positive + other.true_positive,
            self.false_positive + other.false_positive,
            self.false_negative + other.false_negative,
            self.true_negative + other.true_negative,
        )


@dataclass(frozen=True, slots=True)
class SceneBank:
    """What the real models answered on every scene: the generated ones first, then the real ones.

    Parameters
    ----------
    cloud_truth : (n,) float array
        True cloud fraction; NaN for a real scene that nobody judged [1].
    cloud_seen : (n,) float array
        The detector's cloud fraction [1].
    origin : tuple of str
        ``generated`` or ``real:<name>``.
    landscape : tuple of str
        What was drawn; empty for real scenes.
    drop_above_cloud : float
        A scene is dropped if the detector sees more cloud than this [1].
    scenes : Confusion
        Dropping cloudy scenes: seen above the threshold against truth above the threshold.
    pixels : Confusion
        The mask, over the pixels of the generated scenes.
    executed_pixels : int
        Pixels the detector ran on, real scenes included.
    classified_patches : int
        Patches the classifier ran on.
    provenance : dict of str to str
        Versions and checksums of the models, and how the scenes were made.
    recipes : tuple of SceneRecipe
        How to draw each generated scene again.
    """

    cloud_truth: Floats
    cloud_seen: Floats
    origin: tuple[str, ...]
    landscape: tuple[str, ...]
    drop_above_cloud: float
    scenes: Confusion
    pixels: Confusion
    executed_pixels: int
    classified_patches: int
    provenance: dict[str, str]
    recipes: tuple[SceneRecipe, ...]

    def __len__(self) -> int:
        return len(self.origin)

    @property
    def precision(self) -> float:
        """Share of the dropped scenes that are truly too cloudy.

        Returns
        -------
        float
            NaN if none was dropped.
        """
        return self.scenes.precision

    @property
    def recall(self) -> float:
        """Share of the truly too cloudy scenes that are dropped.

        Returns
        -------
        float
            NaN if none is too cloudy.
        """
        return self.scenes.recall

    @property
    def n_generated(self) -> int:
        """Scenes that observations may be given: real ones are evidence, not stock.

        Returns
        -------
        int
            They are rows ``0..n_generated-1``.
        """
        return self.origin.count(GENERATED)


_NOBODY = Confusion(0, 0, 0, 0)
NO_SCENES: Final = SceneBank(np.zeros(0), np.zeros(0), (), (), 1.0, _NOBODY, _NOBODY, 0, 0, {}, ())
"""Nothing was executed: of work that no model of this package does."""


def build_bank(
    pipeline: Pipeline,
    demand: Demand,
    rng: np.random.Generator,
    n_scenes: int,
    detector: CloudDetector,
    progress: Callable[[int, int], None] | None = None,
    *,
    real_scenes: tuple[RealScene, ...] = (),
    classifier: Classifier | None = None,
    classified_patches: int = 16,
) -> SceneBank:
    """Generate scenes as cloudy as the demand says and run the real models on them.

    Parameters
    ----------
    pipeline : Pipeline
        Gives the cloud fraction above which a scene is dropped.
    demand : Demand
        Gives mean and concentration of the Beta distribution of cloud fractions.
    rng : numpy.random.Generator
        Source of every scene.
    n_scenes : int
        Generated scenes.
    detector : CloudDetector
        The real one.
    progress : callable, optional
        Called with (scenes done, scenes in all).
    real_scenes : tuple of RealScene
        Executed after the generated ones.
    classifier : Classifier, optional
        Run on the pictures of the first clear scenes, if given.
    classified_patches : int
        How many of those at most.

    Returns
    -------
    SceneBank
        One row per scene.

    Raises
    ------
    ValueError
        If ``n_scenes`` is not positive.

    Notes
    -----
    Fractions are drawn one from each of ``n_scenes`` equal slices of the distribution, so that a
    small bank still has the right mean. Each scene has its own child generator.
    """
    if n_scenes < 1:
        raise ValueError(f"n_scenes must be positive, got {n_scenes}")
    fractions = cloud_fractions(
        rng, n_scenes, demand.cloud_cover_mean, demand.cloud_cover_concentration
    )
    total = n_scenes + len(real_scenes)
    recipes = tuple(
        SceneRecipe(child, float(fraction), SCENE_PX)
        for fraction, child in zip(fractions, rng.spawn(n_scenes), strict=True)
    )
    rows: list[_Row] = []
    for first in range(0, n_scenes, _SCENES_PER_PASS):
        drawn = [recipe.draw() for recipe in recipes[first : first + _SCENES_PER_PASS]]
        rows += _run_generated(detector, drawn)
        _report(progress, len(rows), total)
    for real in real_scenes:
        rows.append(_run_real(detector, real))
        _report(progress, len(rows), total)
    clear = [
        row.picture for row in rows if row.picture is not None and row.truth <= pipeline.cloud_limit
    ]
    patches = _classify(classifier, clear[:classified_patches])
    provenance = _provenance(detector, classifier, demand)
    return _collect(rows, recipes, pipeline.cloud_limit, patches, provenance)


@dataclass(frozen=True, slots=True)
class _Row:
    """One executed scene on its way into the bank."""

    origin: str
    truth: float
    mask: Bools
    pixels: Confusion
    landscape: str
    picture: npt.NDArray[np.uint8] | None


def _run_generated(detector: CloudDetector, scenes: list[Scene]) -> list[_Row]:
    """Look at scenes that were made here, whose truth is known by pixel."""
    masks = detector.cloud_masks([scene.reflectance for scene in scenes])
    return [
        _Row(
            GENERATED,
            scene.cloud_fraction,
            mask,
            Confusion.of(mask, scene.cloud_truth),
            scene.landscape,
            scene.rgb,
        )
        for scene, mask in zip(scenes, masks, strict=True)
    ]


def _run_real(detector: CloudDetector, scene: RealScene) -> _Row:
    """Look at a real scene; its truth is known as a whole, not by pixel."""
    mask = detector.cloud_mask(scene.reflectance[..., MODEL_BANDS])
    none = Confusion(0, 0, 0, 0)
    return _Row(f"real:{scene.name}", scene.cloud_fraction, mask, none, "", None)


def _collect(
    rows: list[_Row],
    recipes: tuple[SceneRecipe, ...],
    drop_above: float,
    patches: int,
    provenance: dict[str, str],
) -> SceneBank:
    """Turn rows into columns."""
    truth = np.array([row.truth for row in rows])
    seen = np.array([row.mask.mean() for row in rows])
    return SceneBank(
        cloud_truth=truth,
        cloud_seen=seen,
        origin=tuple(row.origin for row in rows),
        landscape=tuple(row.landscape for row in rows),
        drop_above_cloud=drop_above,
        scenes=_scene_confusion(truth, seen, drop_above),
        pixels=sum((row.pixels for row in rows), start=Confusion(0, 0, 0, 0)),
        executed_pixels=sum(row.mask.size for row in rows),
        classified_patches=patches,
        provenance=provenance,
        recipes=recipes,
    )


def cloud_fractions(
    rng: np.random.Generator, n_scenes: int, mean: float, concentration: float
) -> Floats:
    """Draw cloud fractions from a Beta distribution, one from each of n equal slices.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of the place within each slice and of the order.
    n_scenes : int
        How many.
    mean, concentration : float
        Mean and alpha + beta of the distribution [1]. A concentration under 2 is U-shaped, as
        cloud fractions of small scenes are.

    Returns
    -------
    (n_scenes,) float array
        In random order [1].
    """
    slices = (np.arange(n_scenes) + rng.uniform(size=n_scenes)) / n_scenes
    fractions = special.betaincinv(mean * concentration, (1.0 - mean) * concentration, slices)
    return np.asarray(rng.permutation(np.clip(fractions, 0.0, 1.0)), dtype=np.float64)


def _scene_confusion(truth: Floats, seen: Floats, drop_above: float) -> Confusion:
    """Count drops over the scenes whose truth is known."""
    known = ~np.isnan(truth)
    return Confusion.of(seen[known] > drop_above, truth[known] > drop_above)


def _classify(classifier: Classifier | None, pictures: list[npt.NDArray[np.uint8]]) -> int:
    """Run the classifier for the record; a generated picture has no class to be right about."""
    if classifier is None or not pictures:
        return 0
    labels, _ = classifier.classify(np.stack(pictures))
    return len(labels)


def _report(progress: Callable[[int, int], None] | None, done: int, total: int) -> None:
    """Tell whoever asked how far we are."""
    if progress is not None:
        progress(done, total)


def _provenance(
    detector: CloudDetector, classifier: Classifier | None, demand: Demand
) -> dict[str, str]:
    """Collect what a report has to say about the origin of the answers."""
    origin = {
        "detector": f"{detector.provenance.package} {detector.provenance.version}",
        "detector_sha256": detector.provenance.sha256,
        "detector_settings": f"threshold {detector.threshold:g}, average over "
        f"{detector.average_over} px, dilation {detector.dilation} px",
        "scenes": f"generated, {SCENE_PX} x {SCENE_PX} pixels, cloud fraction ~ Beta with mean "
        f"{demand.cloud_cover_mean:g} and concentration {demand.cloud_cover_concentration:g}",
    }
    if classifier is not None:
        origin["classifier"] = (
            f"{classifier.provenance.model_file}, {classifier.provenance.runtime}"
        )
        origin["classifier_sha256"] = classifier.provenance.sha256
    return origin
