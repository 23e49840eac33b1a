"""The profiles of the pipeline's two models: the one place their figures stand.

Times are of one core of a server CPU (2-core AMD EPYC, Zen 4). A stage takes
``max(ops / (peak x efficiency), bytes / bandwidth) + fixed_s`` on any computer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from perigrid.scenario.schema.fields import Origin, number


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a profile, with its origin."""

    value: float
    origin: Origin


@dataclass(frozen=True, slots=True)
class StageProfile:
    """What a stage costs, per pixel it reads."""

    model: str
    pixel_m: Figure
    ops_per_pixel: Figure
    bytes_per_pixel: Figure
    efficiency: Figure
    memory_mb: Figure
    fixed_s: Figure
    output_bytes: Figure


SCREEN: Final = StageProfile(
    model="s2cloudless",
    pixel_m=Figure(
        160.0,
        Origin("design choice: the overview resolution recommended for s2cloudless masks"),
    ),
    ops_per_pixel=Figure(
        5000.0,
        Origin("order of 10 bands x averaging + 500 comparisons along the trees"),
    ),
    bytes_per_pixel=Figure(
        4000.0, Origin("10 float32 bands read and written by each of the steps")
    ),
    efficiency=Figure(
        4.0e-7,
        Origin(
            "tree walks run on the host's cores, not on the accelerator: 17 us a pixel on one "
            "core (15-20 s/Mpixel measured) over 744 TOPS",
            confidence="derived",
        ),
    ),
    memory_mb=Figure(200.0, Origin("bands, features and trees of one scene")),
    fixed_s=Figure(0.5, Origin("resampling to the overview and start-up")),
    output_bytes=Figure(4096.0, Origin("cloud mask of a scene, run-length coded")),
)

CLASSIFY: Final = StageProfile(
    model="EuroSAT CNN, 166k parameters",
    pixel_m=Figure(10.0, Origin("the network was trained on 64 x 64 patches at 10 m")),
    ops_per_pixel=Figure(
        5000.0,
        Origin("0.65 ms per 64 x 64 patch measured on one core at about 30 Gop/s",
               confidence="derived"),
    ),
    bytes_per_pixel=Figure(500.0, Origin("3 bands in, activations of the first layers")),
    efficiency=Figure(0.02, Origin("a small network fills an accelerator badly")),
    memory_mb=Figure(500.0, Origin("one scene in tiles")),
    fixed_s=Figure(0.5, Origin("loading of the tiles")),
    output_bytes=Figure(20_000.0, Origin("one class and score per patch, and a header")),
)  # fmt: skip

_LIMITS: Final[dict[str, tuple[str, str, float, float]]] = {
    "pixel_m": ("m", "Ground size of the pixels it reads.", 0.01, 100_000),
    "ops_per_pixel": ("1", "Operations per pixel read.", 0, 1e12),
    "bytes_per_pixel": ("B", "Memory traffic per pixel read.", 0, 1e12),
    "efficiency": ("1", "Share of the peak rate reached.", 1e-12, 1),
    "memory_mb": ("MB", "Working memory.", 0, 1e9),
    "fixed_s": ("s", "Start-up per scene.", 0, 86_400),
    "output_bytes": ("B", "Size of its result.", 0, 1e12),
}


def stage_number(name: str, profile: StageProfile) -> Any:
    """Declare one number of a stage, with the profile's figure as its default.

    Parameters
    ----------
    name : str
        Which number.
    profile : StageProfile
        Whose.

    Returns
    -------
    Any
        A pydantic field.
    """
    unit, about, low, high = _LIMITS[name]
    figure: Figure = getattr(profile, name)
    return number(unit, about, figure.value, figure.origin, ge=low, le=high)
