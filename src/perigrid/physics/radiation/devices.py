"""How sensitive known processors are to radiation, each figure with its origin."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from perigrid.base.errors import InputError, Problem
from perigrid.base.provenance import Confidence


class FaultClass(IntEnum):
    """What a fault does."""

    CORRECTED = 0  # mended by error-correcting memory
    UNCORRECTABLE = 1  # memory error that is noticed and ends the job
    INTERRUPT = 2  # functional interrupt: the processor must be reset
    LATCH_UP = 3  # the part must be powered off and on, or is lost
    SILENT = 4  # wrong result that nobody notices


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Events of one class per dose from protons, or per proton above 20 MeV on an area.

    Parameters
    ----------
    per : str
        ``dose`` for events per Gy of protons in silicon, ``fluence`` for a cross section in m2.
    value, low, high : float
        Best figure, and the range in which it is believed to lie [1/Gy] or [m2].
    source, date : str
        Where the figure comes from, or why it was assumed.
    confidence : str
        ``measured``, ``published``, ``derived`` or ``assumed``.
    """

    per: str
    value: float
    low: float
    high: float
    source: str
    date: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Device:
    """One processor with its memory.

    Parameters
    ----------
    name, about : str
        Key, and what it is.
    sensitivities : tuple of Sensitivity
        By :class:`FaultClass`.
    tolerated_gy : float
        Total dose it was shown to survive [Gy].
    tolerated_source : str
        Where that stands.
    """

    name: str
    about: str
    sensitivities: tuple[Sensitivity, Sensitivity, Sensitivity, Sensitivity, Sensitivity]
    tolerated_gy: float
    tolerated_source: str


_SUNCATCHER: Final = "B. Aguera y Arcas et al., arXiv:2511.19468, 67 MeV protons"
_JPL: Final = (
    "S. M. Guertin, SEE Test Results for the Snapdragon 820, JPL (hdl.handle.net/2014/47483), "
    "figure 7 as digitised by T. Pfandzelter: 1.02e-9, 6.2e-10 and 1.12e-9 cm2 at 57.5, 60 and "
    "200 MeV"
)
_TWICE: Final = "the range of a factor of 2 is assumed"
_READ: Final = "2026-11-23"
_M2_PER_CM2: Final = 1.0e-4
_NONE_SEEN_MEDIAN: Final = 0.69  # events, where none were seen: half of the belief lies below
_NONE_SEEN_HIGH: Final = 3.0  # 95 % of it lies below


def _per_rad(rad: float, low_rad: float, high_rad: float, source: str) -> Sensitivity:
    """One event per so many rad, the range given from the most sensitive on."""
    return Sensitivity(
        "dose", 100.0 / rad, 100.0 / high_rad, 100.0 / low_rad, source, "2025-11", "published"
    )


def _none_seen(dose_gy: float, source: str) -> Sensitivity:
    """No event was seen up to a dose."""
    return Sensitivity(
        "dose",
        _NONE_SEEN_MEDIAN / dose_gy,
        0.0,
        _NONE_SEEN_HIGH / dose_gy,
        f"none up to {dose_gy:g} Gy, {source}: median and 95 % limit of what that leaves possible",
        "2025-11",
        "derived",
    )


def _assumed(per: str, value: float, spread: float, why: str) -> Sensitivity:
    """Guess with a range that shows it."""
    return Sensitivity(per, value, value / spread, value * spread, why, _READ, "assumed")


TPU_V6E: Final = Device(
    name="tpu-v6e",
    about="Google TPU v6e (Trillium) with its HBM",
    sensitivities=(
        _assumed("dose", 227.0, 10.0, "a hundred corrected errors for each uncorrectable one"),
        _per_rad(44.0, 22.0, 88.0, f"{_SUNCATCHER}: HBM uncorrectable, one per 44 rad; {_TWICE}"),
        _per_rad(5000.0, 2500.0, 1.0e4, f"{_SUNCATCHER}: interrupts, one per 5 krad; {_TWICE}"),
        _none_seen(150.0, f"{_SUNCATCHER}: no hard failure up to 15 krad"),
        _per_rad(17.0, 14.4, 20.0, f"{_SUNCATCHER}: silent corruption, one per 14.4 to 20 rad"),
    ),
    tolerated_gy=20.0,
    tolerated_source=f"{_SUNCATCHER}: HBM irregular from 2 krad on, no hard failure up to 15 krad",
)

SNAPDRAGON_820: Final = Device(
    name="snapdragon-820",
    about="Qualcomm Snapdragon 820 (14 nm) with DDR4, of the class of small-satellite computers",
    sensitivities=(
        _assumed("fluence", 1.0e-7 * _M2_PER_CM2, 10.0, "a hundred for each crash"),
        _assumed("fluence", 3.0e-10 * _M2_PER_CM2, 10.0, "a third of the crashes; no data found"),
        Sensitivity(
            "fluence",
            9.0e-10 * _M2_PER_CM2,
            3.0e-10 * _M2_PER_CM2,
            2.7e-9 * _M2_PER_CM2,
            f"{_JPL}; their mean",
            "2017",
            "published",
        ),
        _assumed("fluence", 1.0e-11 * _M2_PER_CM2, 30.0, "a hundredth of the crashes"),
        _assumed("fluence", 1.0e-9 * _M2_PER_CM2, 10.0, "as many as crashes; no data found"),
    ),
    tolerated_gy=100.0,
    tolerated_source="assumed: commercial parts below 20 nm mostly work beyond 10 krad",
)

COMMERCIAL: Final = Device(
    name="commercial",
    about="any commercial accelerator nobody has tested: TPU v6e with a range of a factor of 10",
    sensitivities=(
        _assumed("dose", 227.0, 30.0, "like tpu-v6e, not tested"),
        _assumed("dose", 2.27, 10.0, "like tpu-v6e, not tested"),
        _assumed("dose", 0.02, 10.0, "like tpu-v6e, not tested"),
        _assumed("dose", 0.0046, 30.0, "like tpu-v6e, not tested; some parts latch up and die"),
        _assumed("dose", 5.9, 10.0, "like tpu-v6e, not tested"),
    ),
    tolerated_gy=20.0,
    tolerated_source="assumed, like tpu-v6e",
)

DEVICES: Final[dict[str, Device]] = {
    device.name: device for device in (TPU_V6E, SNAPDRAGON_820, COMMERCIAL)
}
"""Known processors by name."""


def device_named(name: str) -> Device:
    """Find a processor.

    Parameters
    ----------
    name : str
        Key of :data:`DEVICES`.

    Returns
    -------
    Device
        With its sensitivities.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    if name not in DEVICES:
        known = ", ".join(DEVICES)
        raise InputError([Problem(f"no radiation data for a device {name!r}", f"one of: {known}")])
    return DEVICES[name]
