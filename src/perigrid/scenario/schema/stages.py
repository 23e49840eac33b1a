"""The profiles of the pipeline's two models as scenario defaults: the one place they stand here.

They are the figures of :mod:`perigrid.workload.measured`, which stands on a higher floor and says
how they were measured and carried over to the accelerator; a test holds the two together. A stage
takes ``max(ops / (peak x efficiency), bytes / bandwidth) + fixed_s`` on any computer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from perigrid.scenario.schema.fields import Origin, number

_MEASURED_ON: Final = "tools/profile_models.py on one core of an AMD EPYC (Zen 4/5) server"
_DATE: Final = "2026-11-23"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a profile, with its origin."""

    value: float
    origin: Origin


@dataclass(frozen=True, slots=True)
class StageProfile:
    """What a stage costs, per pixel it reads."""

    model: str
    runs_on: Literal["host", "accelerator"]
    pixel_m: Figure
    ops_per_pixel: Figure
    bytes_per_pixel: Figure
    efficiency: Figure
    memory_mb: Figure
    fixed_s: Figure
    output_bytes: Figure


SCREEN: Final = StageProfile(
    model="s2cloudless 1.7",
    runs_on="host",
    pixel_m=Figure(
        60.0, Origin("the resolution at which the detector is run and was checked", _DATE)
    ),
    ops_per_pixel=Figure(
        5942.0,
        Origin(
            "2,909 tree nodes a pixel (mean leaf depth of 170 trees), averaging and dilation",
            _DATE,
            "derived",
        ),
    ),
    bytes_per_pixel=Figure(
        58.0,
        Origin(
            "ten float32 bands, probability, mean and mask; the trees stay in cache",
            _DATE,
            "derived",
        ),
    ),
    efficiency=Figure(
        1.0,
        Origin("by definition: host rates were measured with this model", _DATE, "derived"),
    ),
    memory_mb=Figure(41.0, Origin(_MEASURED_ON, _DATE, "measured")),
    fixed_s=Figure(0.0025, Origin(_MEASURED_ON, _DATE, "measured")),
    output_bytes=Figure(
        64.0, Origin("a telemetry record with scene, time and cloud fraction", _DATE)
    ),
)

CLASSIFY: Final = StageProfile(
    model="eurosat.onnx",
    runs_on="accelerator",
    pixel_m=Figure(10.0, Origin("the network was trained on 64 x 64 patches at 10 m", _DATE)),
    ops_per_pixel=Figure(
        20_448.46875,
        Origin(
            "layer table of the shipped network, two for a multiply-accumulate", _DATE, "derived"
        ),
    ),
    bytes_per_pixel=Figure(
        279.009765625,
        Origin("half-precision activations, layers not fused", _DATE, "derived"),
    ),
    efficiency=Figure(
        0.10,
        Origin(
            "8 H100 reach 0.37 of dense int8 peak on ResNet-50 (MLPerf Inference v4.1, closed, "
            "offline, entry 4.1-0020); a quarter of that for small images and few channels",
            _DATE,
        ),
    ),
    memory_mb=Figure(101.0, Origin(_MEASURED_ON, _DATE, "measured")),
    fixed_s=Figure(0.0004, Origin("a launch of the five layers", _DATE)),
    output_bytes=Figure(
        7878.0,
        Origin(
            "record of 64 B, and class and confidence of each 640 m patch of a 40 km scene",
            _DATE,
            "derived",
        ),
    ),
)

_LIMITS: Final[dict[str, tuple[str, str, float, float]]] = {
    "pixel_m": ("m", "Ground size of the pixels it reads.", 0.01, 100_000),
    "ops_per_pixel": ("1", "Operations per pixel read.", 0, 1e12),
    "bytes_per_pixel": ("B", "Memory traffic per pixel read.", 0, 1e12),
    "efficiency": ("1", "Share of the peak rate reached.", 1e-12, 1),
    "memory_mb": ("MB", "Working memory.", 0, 1e9),
    "fixed_s": ("s", "Start-up per scene.", 0, 86_400),
    "output_bytes": ("B", "Size of its result.", 0, 1e12),
}


_UNKNOWN: Final = Origin("not given: taken to be negligible")
_OWN: Final[dict[str, Figure | None]] = {
    "pixel_m": None,
    "ops_per_pixel": None,
    "bytes_per_pixel": Figure(0.0, _UNKNOWN),
    "efficiency": CLASSIFY.efficiency,
    "memory_mb": Figure(0.0, _UNKNOWN),
    "fixed_s": Figure(0.0, _UNKNOWN),
    "output_bytes": Figure(64.0, Origin("a record with scene, time and outcome", "2026-11-30")),
}
"""Figures of a stage that a scenario brings itself; None where it has to give them."""


def stage_number(name: str, profile: StageProfile | None = None) -> Any:  # noqa: ANN401  the field's own type
    """Declare one number of a stage, with the profile's figure as its default.

    Parameters
    ----------
    name : str
        Which number.
    profile : StageProfile, optional
        Whose; a stage of the scenario's own if left out.

    Returns
    -------
    Any
        A pydantic field.
    """
    unit, about, low, high = _LIMITS[name]
    figure: Figure | None = _OWN[name] if profile is None else getattr(profile, name)
    if figure is None:
        return number(unit, about, ge=low, le=high)
    return number(unit, about, figure.value, figure.origin, ge=low, le=high)
