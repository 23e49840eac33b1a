"""One comparison with a number from outside."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """A published value beside ours.

    Parameters
    ----------
    case : str
        What is compared.
    published, ours : float
        Both in ``unit``.
    difference : float
        Ours less published.
    tolerance : float
        Largest difference that passes; ``note`` says why it is that large.
    passed : bool
        Whether the difference is within the tolerance.
    source : str
        Where the published value stands.
    unit : str
        Unit as a reader would write it; ``1`` for a pure number.
    note : str
        The reason of the tolerance, and of the difference where it is known.
    known_miss : bool
        Whether ours is known to fall outside, as ``note`` tells.
    """

    case: str
    published: float
    ours: float
    difference: float
    tolerance: float
    passed: bool
    source: str
    unit: str = "1"
    note: str = ""
    known_miss: bool = False


def compare(
    case: str,
    published: float,
    ours: float,
    *,
    tolerance: float,
    source: str,
    note: str,
    unit: str = "1",
    known_miss: bool = False,
) -> Case:
    """Make a case and judge it.

    Parameters
    ----------
    case : str
        What is compared.
    published, ours : float
        Both in ``unit``.
    tolerance : float
        Largest difference that passes.
    source : str
        Where the published value stands.
    note : str
        The reason of the tolerance.
    unit : str
        Unit as a reader would write it.
    known_miss : bool
        Whether ours is known to fall outside; the note says how far and, if it is known, why.

    Returns
    -------
    Case
        With the difference and the verdict; a value that is not a number fails.
    """
    difference = float(ours) - published
    return Case(
        case=case,
        published=published,
        ours=float(ours),
        difference=difference,
        tolerance=tolerance,
        passed=bool(abs(difference) <= tolerance),
        source=source,
        unit=unit,
        note=note,
        known_miss=known_miss,
    )
