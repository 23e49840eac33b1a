"""Numbers as a reader would say them: human units, three significant digits, never a bare NaN."""

from __future__ import annotations

import math
from typing import Final

from perigrid.base.architecture import ANY, Architecture, ComputePlace, Table
from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.base.units import S_PER_HOUR, ZERO_CELSIUS_K

NONE: Final = "–"
"""Shown where there is no number: nothing was delivered, or nothing was recorded."""

_S_PER_MIN: Final = 60.0
_THOUSAND: Final = 1000.0

CAUSES: Final[dict[str, str]] = {
    "contact": "no station, gateway or neighbour was in view",
    "heat": "the computer was too warm to run at full speed",
    "battery": "the charge was at its floor",
    "link": "a window was open, but the bits were queueing or still being sent",
    "compute": "a processor was busy, or working on it",
    "storage": "the recorder was full",
    "rule": "a policy rule refused, or a person was being asked",
    "fault": "a fault undid it, or the node that holds it was away",
}
"""What it means to wait for each cause."""


BOUNDS: Final[dict[str, str]] = {"contact volume": "volume"}
"""Kinds of bound that a column of the table has no room for; the others stand as they are."""


def number(value: float, digits: int = 3) -> str:
    """Write a number with a few significant digits and no exponent.

    Parameters
    ----------
    value : float
        Any number.
    digits : int
        Significant digits; whole digits before the point are never dropped.

    Returns
    -------
    str
        Such as ``4.12``, ``12,340`` or ``–`` for a number that is not finite.
    """
    if not math.isfinite(value):
        return NONE
    if value == 0.0:
        return "0"
    decimals = max(digits - 1 - math.floor(math.log10(abs(value))), 0)
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def count(items: int) -> str:
    """Write a whole number with thousands separators.

    Parameters
    ----------
    items : int
        How many.

    Returns
    -------
    str
        Such as ``12,340``.
    """
    return f"{items:,d}"


# Use the largest unit that leaves at least 1 after rounding; ``steps`` go upward.
def _stepped(value: float, steps: tuple[tuple[float, str], ...], digits: int) -> str:
    if not math.isfinite(value):
        return NONE
    factor, unit = steps[0]
    for larger, name in steps[1:]:
        # as it would be written: 59.96 s is a minute, and never 60 s
        if float(f"{abs(value) / factor:.{digits}g}") * factor < larger:
            break
        factor, unit = larger, name
    magnitude = abs(value) / factor
    if factor != steps[0][0]:
        magnitude = max(magnitude, 1.0)
    return f"{number(math.copysign(magnitude, value), digits)} {unit}"


_DURATIONS: Final = (
    (1.0e-3, "ms"),
    (1.0, "s"),
    (_S_PER_MIN, "min"),
    (S_PER_HOUR, "h"),
    (SECONDS_PER_DAY, "d"),
)


def duration(elapsed_s: float, digits: int = 3) -> str:
    """Write a time span in its natural unit.

    Parameters
    ----------
    elapsed_s : float
        Time span [s].
    digits : int
        Significant digits.

    Returns
    -------
    str
        Such as ``8.2 s``, ``4.1 min``, ``2.3 h``; days only from two days on.
    """
    if elapsed_s == 0.0:
        return "0 s"
    units = _DURATIONS if elapsed_s >= 2 * SECONDS_PER_DAY else _DURATIONS[:-1]
    return _stepped(elapsed_s, units, digits)


def exact_duration(elapsed_s: float) -> str:
    """Write a time span to the second, or finer below ten seconds.

    Parameters
    ----------
    elapsed_s : float
        Time span [s].

    Returns
    -------
    str
        Such as ``49 min 53 s``.
    """
    if not math.isfinite(elapsed_s):
        return NONE
    if abs(elapsed_s) < 10.0:
        return duration(elapsed_s)
    whole_s = round(elapsed_s)
    hours, rest_s = divmod(whole_s, int(S_PER_HOUR))
    minutes, seconds = divmod(rest_s, int(_S_PER_MIN))
    parts = [(hours, "h"), (minutes, "min"), (seconds, "s")]
    while len(parts) > 1 and parts[0][0] == 0:
        parts.pop(0)
    while len(parts) > 1 and parts[-1][0] == 0:
        parts.pop()
    return " ".join(f"{amount} {unit}" for amount, unit in parts)


def size(amount_bytes: float, digits: int = 3) -> str:
    """Write an amount of data in decimal units.

    Parameters
    ----------
    amount_bytes : float
        Amount [B].
    digits : int
        Significant digits.

    Returns
    -------
    str
        Such as ``4.1 kB`` or ``1.23 TB``.
    """
    if 0.0 <= amount_bytes < _THOUSAND:
        return f"{number(amount_bytes, digits)} B"
    steps = ("B", "kB", "MB", "GB", "TB", "PB")
    return _stepped(
        amount_bytes, tuple((_THOUSAND**i, unit) for i, unit in enumerate(steps)), digits
    )


def energy(used_j: float, digits: int = 3) -> str:
    """Write an energy in joules.

    Parameters
    ----------
    used_j : float
        Energy [J].
    digits : int
        Significant digits.

    Returns
    -------
    str
        Such as ``310 J`` or ``12.4 kJ``.
    """
    steps = ((1.0e-3, "mJ"), (1.0, "J"), (1.0e3, "kJ"), (1.0e6, "MJ"), (1.0e9, "GJ"))
    return "0 J" if used_j == 0.0 else _stepped(used_j, steps, digits)


def power(mean_w: float, digits: int = 3) -> str:
    """Write a power in watts.

    Parameters
    ----------
    mean_w : float
        Power [W].
    digits : int
        Significant digits.

    Returns
    -------
    str
        Such as ``95 W`` or ``1.2 kW``; what is below a milliwatt is not spelled out.
    """
    if 0.0 < mean_w < 1.0e-3:
        return "under 1 mW"
    steps = ((1.0e-3, "mW"), (1.0, "W"), (1.0e3, "kW"), (1.0e6, "MW"), (1.0e9, "GW"))
    return "0 W" if mean_w == 0.0 else _stepped(mean_w, steps, digits)


def temperature(body_k: float) -> str:
    """Write a temperature in degrees Celsius.

    Parameters
    ----------
    body_k : float
        Temperature [K].

    Returns
    -------
    str
        Such as ``41.3 °C``.
    """
    return f"{body_k - ZERO_CELSIUS_K:.1f} °C" if math.isfinite(body_k) else NONE


def share(fraction: float) -> str:
    """Write a fraction as percent, never rounding something to nothing or to everything.

    Parameters
    ----------
    fraction : float
        0 to 1.

    Returns
    -------
    str
        Such as ``62 %``, ``99.98 %``, ``under 0.01 %``.
    """
    if not math.isfinite(fraction):
        return NONE
    if fraction in {0.0, 1.0}:
        return f"{fraction * 100:.0f} %"
    edge = min(abs(fraction), abs(1.0 - fraction))
    if edge < 1.0e-4 and 0.0 < fraction < 1.0:
        return "under 0.01 %" if fraction < 0.5 else "over 99.99 %"
    decimals = 0 if edge >= 0.02 else 1 if edge >= 1.0e-3 else 2
    digits = f"{fraction * 100:.{decimals}f}"
    return f"{digits.rstrip('0').rstrip('.') if decimals else digits} %"


def more(times: float) -> str:
    """Write how much larger something is, to stand before "longer" or "more".

    Parameters
    ----------
    times : float
        Quotient of the larger and the smaller, at least 1.

    Returns
    -------
    str
        Such as ``34 %``; from twice upward as a factor, ``2.3 times``.
    """
    if times < 2.0:
        return f"{number((times - 1.0) * 100, 2)} %"
    return f"{number(float(f'{times:.2g}'), 2)} times"


def listing(items: list[str]) -> str:
    """Join items as in a sentence.

    Parameters
    ----------
    items : list of str
        Any number of them.

    Returns
    -------
    str
        Such as ``a, b and c``.
    """
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


_PLACES: Final = {
    ComputePlace.ORIGIN: "where it was taken",
    ComputePlace.SATELLITE: "on another satellite",
    ComputePlace.DATA_CENTRE: "in a ground data centre",
}


def architecture_words(architecture: Architecture, *, observes: bool = True) -> str:
    """Say what an architecture is composed of.

    Parameters
    ----------
    architecture : Architecture
        Built in, or a scenario's own.
    observes : bool
        Whether it serves observations, of which the summaries of built-in ones speak.

    Returns
    -------
    str
        Its summary, or its places and links spelled out.
    """
    if architecture.summary and observes:
        return architecture.summary
    named = _PLACES if observes else {**_PLACES, ComputePlace.ORIGIN: "where its data are"}
    work = [
        f"{_named(task, architecture.compute, 'all work')} "
        f"{' or '.join(named[ComputePlace(place)] for place in places)}"
        for task, places in _any_last(architecture.compute)
    ]
    ways = [
        f"{_named(product, architecture.carry, 'all products')} by {' or '.join(links)}"
        for product, links in _any_last(architecture.carry)
    ]
    return f"{', '.join(work)}; {', '.join(ways)}"


def _named(key: str, table: Table, alone: str) -> str:
    if key != ANY:
        return key
    return alone if len(table) == 1 else "all else"


def _any_last(table: Table) -> Table:
    return tuple(sorted(table, key=lambda row: row[0] == ANY))
