"""Schema of compute jobs that any satellite of a large fleet may do."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from perigrid.scenario.schema.fields import Origin, Section, number


def _spread(what: str, default: float, why: str) -> Any:  # noqa: ANN401  the field's own type
    """Spread of a log-normal distribution."""
    return number(
        "1", f"Standard deviation of the logarithm of {what}; 0 for one size.", default,
        Origin(why), ge=0, le=5,
    )  # fmt: skip


class JobsSpec(Section):
    """Jobs that arrive over the run; `perigrid run` serves them."""

    count: int = number(
        "1", "Jobs in the run.", 10_000, Origin("design choice"), ge=1, le=20_000_000
    )
    origin: Literal["ground", "satellites"] = Field(
        "ground",
        description="ground: users near the stations ask and get the answer; satellites: on data "
        "that a satellite holds, the answer goes down by the quickest way.",
    )
    day_swing: float = number(
        "1",
        "Swing of the arrival rate over the local day, of its mean; 0 for none.",
        0.5,
        Origin("requests to online services differ by two to four times between night and day"),
        ge=0,
        le=1,
    )
    peak_hours: float = number(
        "h", "Local solar time of most arrivals.", 15.0, Origin("afternoon"), ge=0, lt=24
    )
    work_s: float = number(
        "s", "Median work, at full speed of one slot.", 60.0,
        Origin("design choice: a long answer or a short video"), gt=0, le=1e6,
    )  # fmt: skip
    work_spread: float = _spread("the work", 1.0, "few long jobs among many short ones")
    work_teraops: float = number(
        "1e12 operations", "Median work in operations; 0 where work_s counts.", 0.0,
        Origin("design choice: work given in seconds"), ge=0, le=1e12,
    )  # fmt: skip
    efficiency: float = number(
        "1", "Share of the computer's peak rate that is reached, for work_teraops.", 0.4,
        Origin("usual for large matrix products"), gt=0, le=1,
    )  # fmt: skip
    input_mb: float = number(
        "MB", "Median size of what is sent.", 5.0, Origin("some images or a document"),
        ge=0, le=1e9,
    )  # fmt: skip
    output_mb: float = number(
        "MB", "Median size of the answer.", 0.5, Origin("text and an image"), ge=0, le=1e9
    )
    data_spread: float = _spread("both sizes", 1.0, "few large files among many small ones")
    deadline_minutes: float = number(
        "min", "An answer later than this is worthless.", 15.0, Origin("design choice"),
        gt=0, le=1e6,
    )  # fmt: skip
    value: float = number(
        "1", "Median value of an answer in time.", 1.0, Origin("unit of value"), gt=0, le=1e9
    )
    value_spread: float = _spread("the value", 0.5, "design choice: some matter more")
    memory_gb: float = number(
        "GB", "Memory of one job at work, besides its model.", 4.0,
        Origin("context of a language model"), ge=0, le=1e6,
    )  # fmt: skip
    models: int = number(
        "1", "Different models asked for.", 8, Origin("design choice"), ge=1, le=64
    )
    model_gb: float = number(
        "GB", "Median size of a model in memory.", 20.0,
        Origin("some 20 billion parameters of 8 bits"), gt=0, le=1e6,
    )  # fmt: skip
    model_spread: float = _spread("the model's size", 0.5, "from 10 to 40 GB")
    popularity: float = number(
        "1", "Exponent of Zipf's law over the models; 0 for all alike.", 1.0,
        Origin("usual of requests for content"), ge=0, le=5,
    )  # fmt: skip
    load_gb_s: float = number(
        "GB/s", "Rate at which a model is read into memory.", 2.0,
        Origin("flash of a flight computer"), gt=0, le=1e6,
    )  # fmt: skip
    least_power_share: float = number(
        "1", "A job draws a share of its slot's power above idle, evenly from this to 1.", 1.0,
        Origin("design choice: every job uses the whole processor"), ge=0, le=1,
    )  # fmt: skip
    routes_s: float = number(
        "s", "Between two snapshots of the network; a whole number of steps.", 60.0,
        Origin("satellites at 550 km move by 4 degrees of the Earth's centre"), gt=0, le=3600,
    )  # fmt: skip
