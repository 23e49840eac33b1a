"""Schema of what radiation meets: the shield and the device behind it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from perigrid.scenario.schema.fields import Origin, Section, number


class RadiationSpec(Section):
    """Shield around the computer, and how sensitive the computer is."""

    shielding_mm_al: float = number(
        "mm",
        "Aluminium all around the computer, or what stops as much.",
        10.0,
        Origin("Suncatcher, arXiv:2511.19468v2: dose behind 10 mm", "2025-11", "published"),
        ge=1,
        le=500,
    )
    device: Literal["tpu-v6e", "snapdragon-820", "commercial"] = Field(
        "commercial",
        description="Whose beam test speaks for the computer; commercial: nobody's, so that the "
        "figures of tpu-v6e stand with a range of a factor of ten.",
    )
    checkpoint_s: float = number(
        "s",
        "Time to save the state of a long job.",
        30.0,
        Origin("60 GB of state to flash at 2 GB/s"),
        gt=0,
        le=86_400,
    )
