"""Generated Sentinel-2 scenes with a known cloud mask, for the real detector to be wrong about.

Ground covers lie in smooth patches under smooth cloud fields of varying optical thickness and
height; a plane-parallel layer model turns both into top-of-atmosphere reflectance. Water vapour
above the cloud decides how it shows in B09 and B10, so that thin cirrus is bright in B10 and
fair-weather cloud is not. Snow and bright sand occur without cloud.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.workload.cloud_detector import BANDS
from perigrid.workload.spectra import (
    AEROSOL_REFLECTANCE,
    B09,
    B10,
    B10_OVER_B09,
    CLOUD_ALBEDO,
    GAS_TRANSMISSION,
    ICE_ALBEDO,
    PATH_REFLECTANCE,
    SPECTRAL_BANDS,
    SURFACE,
    SURFACE_SPREAD,
    WATER_VAPOUR,
    Cover,
)

Floats = npt.NDArray[np.float64]

MIN_OPTICAL_THICKNESS: Final = 0.3
"""Thinnest cloud that the truth mask calls cloud [1]; thinner cirrus hardly shows (assumed)."""

VAPOUR_SCALE_HEIGHT_M: Final = 4000.0
"""Twice the 2 km of the vapour itself, because strong lines absorb as the root of the column."""

LOW_CLOUD_THICKNESS: Final = (5.0, 0.8)
"""Median and spread (of the logarithm) of a low cloud's mean optical thickness [1]. The global mean
is near 4 weighted by reflectance (Rossow and Schiffer 1999); the spread is assumed."""

CIRRUS_THICKNESS: Final = (1.0, 0.5)
"""The same of a high cloud: from just visible to 3 or so (assumed) [1]."""

HAZIEST: Final = 0.025
"""Largest aerosol reflectance at 0.55 um [1]: an optical depth of 0.3 or so (assumed)."""

PICTURE_WHITE: Final = 0.275
"""Reflectance shown as white; the stretch of the EuroSAT pictures, 0 to 2,750 digital numbers."""

_COLUMNS: Final = np.array([SPECTRAL_BANDS.index(band) for band in BANDS])
_RGB: Final = np.array([SPECTRAL_BANDS.index(band) for band in ("B04", "B03", "B02")])

_LANDSCAPES: Final[dict[str, tuple[float, dict[Cover, float]]]] = {
    # How often (rough shares of the land surface, assumed) and which covers, by weight.
    "forest": (
        0.28,
        {Cover.VEGETATION: 0.9, Cover.CONIFER: 0.9, Cover.WATER: 0.1, Cover.SOIL: 0.1},
    ),
    "farmland": (
        0.24,
        {Cover.VEGETATION: 0.8, Cover.DRY_VEGETATION: 0.6, Cover.SOIL: 0.7, Cover.URBAN: 0.1},
    ),
    "dry": (0.20, {Cover.DRY_VEGETATION: 0.8, Cover.SOIL: 0.8, Cover.SAND: 0.2}),
    "desert": (0.12, {Cover.SAND: 1.0, Cover.SOIL: 0.5}),
    "coast": (0.07, {Cover.WATER: 1.0, Cover.VEGETATION: 0.5, Cover.SAND: 0.2}),
    "snow": (0.07, {Cover.SNOW: 1.0, Cover.SOIL: 0.2, Cover.CONIFER: 0.4}),
    "city": (0.02, {Cover.URBAN: 1.0, Cover.VEGETATION: 0.4, Cover.WATER: 0.1}),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """One generated scene and the truth about it.

    Parameters
    ----------
    reflectance : (size, size, 10) float32 array
        Top-of-atmosphere reflectance in the detector's band order [1].
    cloud_truth : (size, size) bool array
        True where a cloud of at least :data:`MIN_OPTICAL_THICKNESS` stands.
    cover : (size, size) int8 array
        :class:`~perigrid.workload.spectra.Cover` of the ground, under the clouds too.
    rgb : (size, size, 3) uint8 array
        Picture in red, green, blue with the stretch of EuroSAT.
    landscape, cloud_kind : str
        What was drawn: ``forest``, ...; ``clear``, ``low``, ``high`` or ``mixed``.
    """

    reflectance: npt.NDArray[np.float32]
    cloud_truth: npt.NDArray[np.bool_]
    cover: npt.NDArray[np.int8]
    rgb: npt.NDArray[np.uint8]
    landscape: str
    cloud_kind: str

    @property
    def cloud_fraction(self) -> float:
        """Share of the pixels that are cloud.

        Returns
        -------
        float
            Between 0 and 1.
        """
        return float(self.cloud_truth.mean())


@dataclass(frozen=True, slots=True)
class _Layer:
    """A cloud layer: optical thickness by pixel, height of its top, and colour."""

    thickness: Floats
    top_m: float
    albedo: Floats


def generate_scene(rng: np.random.Generator, *, cloud_fraction: float, size_px: int = 64) -> Scene:
    """Draw a scene with a given share of cloud.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of every choice.
    cloud_fraction : float
        Wanted share of cloudy pixels, 0 to 1; met to half a pixel.
    size_px : int
        Pixels on a side.

    Returns
    -------
    Scene
        Reflectance, truth, cover and picture.

    Raises
    ------
    ValueError
        If ``cloud_fraction`` is not between 0 and 1 or ``size_px`` is less than 8.

    Notes
    -----
    A layer of optical thickness tau reflects ``R = (1-g) tau / (2 + (1-g) tau)`` with asymmetry
    ``g = 0.85`` (two-stream, conservative scattering, black ground) and adds to a surface of
    reflectance A as ``rho = w R + (1-R)^2 A / (1 - R A)``, w the relative albedo of the band.
    Not modelled: shadows, three-dimensional effects, view geometry, adjacency, aerosol plumes.

    References
    ----------
    Bohren 1987, Multiple scattering of light and some of its observable consequences,
    doi:10.1119/1.15109 (the two-stream layer).
    Gao, Goetz, Wiscombe 1993, Cirrus cloud detection from airborne imaging spectrometer data
    using the 1.38 um water vapor band, doi:10.1029/93GL00106.
    Rossow and Schiffer 1999, Advances in understanding clouds from ISCCP,
    doi:10.1175/1520-0477(1999)080<2261:AIUCFI>2.0.CO;2.
    """
    if not 0.0 <= cloud_fraction <= 1.0:
        raise ValueError(f"cloud_fraction must lie in 0..1, got {cloud_fraction}")
    if size_px < 8:
        raise ValueError(f"size_px must be at least 8, got {size_px}")
    landscape = _draw_landscape(rng)
    cover = _draw_cover(rng, _LANDSCAPES[landscape][1], size_px)
    ground = _draw_ground(rng, cover)
    truth, kind, layers = _draw_clouds(rng, cloud_fraction, size_px)
    toa = _top_of_atmosphere(rng, ground, layers)
    toa *= 1.0 + 0.01 * rng.standard_normal(toa.shape)  # sensor noise, signal to noise of 100
    toa = np.clip(toa, 0.0001, None)
    rgb = np.clip(toa[..., _RGB] / PICTURE_WHITE * 255.0, 0.0, 255.0).astype(np.uint8)
    return Scene(toa[..., _COLUMNS].astype(np.float32), truth, cover, rgb, landscape, kind)


@dataclass(frozen=True, slots=True)
class SceneRecipe:
    """All it takes to draw one scene, as often as wanted and to the same bits.

    Parameters
    ----------
    rng : numpy.random.Generator
        The scene's own, never advanced.
    cloud_fraction : float
        Wanted share of cloudy pixels [1].
    size_px : int
        Pixels on a side.
    """

    rng: np.random.Generator
    cloud_fraction: float
    size_px: int

    def draw(self) -> Scene:
        """Generate the scene.

        Returns
        -------
        Scene
            The same every time.
        """
        rng = copy.deepcopy(self.rng)
        return generate_scene(rng, cloud_fraction=self.cloud_fraction, size_px=self.size_px)


def smooth_field(rng: np.random.Generator, size_px: int, slope: float) -> Floats:
    """Draw a Gaussian field whose amplitude falls as a power of spatial frequency.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of the noise.
    size_px : int
        Pixels on a side.
    slope : float
        Exponent of the amplitude spectrum; larger is smoother [1].

    Returns
    -------
    (size_px, size_px) float array
        Zero mean and unit variance.
    """
    # A field twice as large, cropped, so that opposite edges are not joined.
    n = 2 * size_px
    frequency = np.hypot(np.fft.fftfreq(n)[:, None], np.fft.rfftfreq(n)[None, :])
    frequency[0, 0] = np.inf
    spectrum = np.fft.rfft2(rng.standard_normal((n, n))) * frequency**-slope
    field = np.fft.irfft2(spectrum, s=(n, n))[:size_px, :size_px]
    return np.asarray((field - field.mean()) / field.std())


def _draw_landscape(rng: np.random.Generator) -> str:
    """Pick a landscape by its share."""
    names = list(_LANDSCAPES)
    share = np.array([_LANDSCAPES[name][0] for name in names])
    return names[int(rng.choice(len(names), p=share / share.sum()))]


def _draw_cover(
    rng: np.random.Generator, weights: dict[Cover, float], size_px: int
) -> npt.NDArray[np.int8]:
    """Lay covers in patches: in each pixel the one whose weighted smooth field is highest."""
    covers = list(weights)
    fields = [smooth_field(rng, size_px, 1.6) + 2.0 * weights[cover] for cover in covers]
    codes = np.array([int(cover) for cover in covers], dtype=np.int8)
    return np.asarray(codes[np.argmax(fields, axis=0)], dtype=np.int8)


def _draw_ground(rng: np.random.Generator, cover: npt.NDArray[np.int8]) -> Floats:
    """Surface reflectance (size, size, band): the cover's spectrum times a smooth brightness."""
    texture = 0.6 * smooth_field(rng, len(cover), 1.2) + 0.4 * rng.standard_normal(cover.shape)
    scene = 0.6 * rng.standard_normal(len(SURFACE_SPREAD))[cover]  # this scene's kind of soil, ...
    brightness = np.exp(SURFACE_SPREAD[cover] * (scene + texture))
    tint = 1.0 + 0.04 * rng.standard_normal(SURFACE.shape)
    ground = (SURFACE * tint)[cover] * brightness[..., None]
    return np.asarray(np.clip(ground, 0.0, 0.98))


def _draw_clouds(
    rng: np.random.Generator, fraction: float, size_px: int
) -> tuple[npt.NDArray[np.bool_], str, list[_Layer]]:
    """Truth mask, kind and layers; the mask is the top ``fraction`` of a smooth field."""
    field = smooth_field(rng, size_px, rng.uniform(1.4, 2.2))
    count = round(fraction * field.size)
    rank = np.empty(field.size, dtype=np.int64)
    rank[np.argsort(-field, axis=None, kind="stable")] = np.arange(field.size)
    truth = rank.reshape(field.shape) < count
    if count == 0:
        return truth, "clear", []
    # Distance above the cloud's edge, of mean one: thin at the rim, thick in the core.
    depth = np.where(truth, field - field[truth].min(), 0.0)
    depth /= max(float(depth[truth].mean()), 1e-9)
    kind = str(rng.choice(["low", "high", "mixed"], p=[0.65, 0.15, 0.20]))
    layers = []
    if kind != "high":
        thickness = _thickness(rng, truth, depth, LOW_CLOUD_THICKNESS)
        layers.append(_Layer(thickness, rng.uniform(1000.0, 4000.0), CLOUD_ALBEDO))
    if kind != "low":
        thickness = _thickness(rng, truth, depth, CIRRUS_THICKNESS)
        layers.append(_Layer(thickness, rng.uniform(8000.0, 12000.0), ICE_ALBEDO))
    return truth, kind, layers


def _thickness(
    rng: np.random.Generator,
    truth: npt.NDArray[np.bool_],
    depth: Floats,
    median_and_spread: tuple[float, float],
) -> Floats:
    """Optical thickness by pixel, at least the least one within the mask and nothing without."""
    median, spread = median_and_spread
    mean = rng.lognormal(np.log(median), spread)
    return np.where(truth, MIN_OPTICAL_THICKNESS + mean * depth, 0.0)


def _top_of_atmosphere(rng: np.random.Generator, ground: Floats, layers: list[_Layer]) -> Floats:
    """Stack layers, lowest first, over the ground; each sees the water vapour above itself."""
    b09_depth = rng.uniform(*WATER_VAPOUR)
    aerosol = rng.uniform(0.0, HAZIEST)
    rho = ground
    below_m = 0.0
    for layer in layers:
        rho = rho * _vapour_transmission(b09_depth, below_m, layer.top_m)
        scaled = 0.15 * layer.thickness
        reflected = (scaled / (2.0 + scaled))[..., None]
        rho = layer.albedo * reflected + (1.0 - reflected) ** 2 * rho / (1.0 - reflected * rho)
        below_m = layer.top_m
    rho = rho * _vapour_transmission(b09_depth, below_m, np.inf)
    path = PATH_REFLECTANCE + aerosol * AEROSOL_REFLECTANCE
    return np.asarray(path + (GAS_TRANSMISSION - path) * rho)


def _vapour_transmission(b09_depth: float, bottom_m: float, top_m: float) -> Floats:
    """Two-way transmission by band of the vapour between two heights."""
    share = np.exp(-bottom_m / VAPOUR_SCALE_HEIGHT_M) - np.exp(-top_m / VAPOUR_SCALE_HEIGHT_M)
    transmission = np.ones(len(SPECTRAL_BANDS))
    transmission[B09] = np.exp(-b09_depth * share)
    transmission[B10] = np.exp(-B10_OVER_B09 * b09_depth * share)
    return transmission
