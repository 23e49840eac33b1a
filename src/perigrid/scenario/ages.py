"""How old element sets are at the start of a run, and what that does to positions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.base.elements import MeanElements
from perigrid.base.provenance import Provenance
from perigrid.base.time import Epoch
from perigrid.scenario.findings import Finding
from perigrid.scenario.model import ElementSets, Scenario
from perigrid.scenario.schema import ScenarioFile

WARN_AGE_S: Final = 3.0 * SECONDS_PER_DAY
"""SGP4 along-track errors pass about 50 km here for an object near 500 km."""

STALE_AGE: Final = Provenance(
    key="element_sets.stale_age_days",
    value=30.0,
    unit="d",
    source=(
        "Space-Track, API documentation, class gp: the newest propagable element sets of all "
        "objects in orbit are those with an epoch in the last 30 days"
    ),
    date="2026-11-30",
    confidence="published",
)
"""Element sets further from the start are refused unless the user takes them as they are."""

_REFERENCE_AGE_S: Final = 11.0 * SECONDS_PER_DAY
_SCS01_ERROR_M: Final = 800_000.0
_MEDIAN_ERROR_M: Final = 221_000.0
_P90_ERROR_M: Final = 3_900_000.0


def along_track_error_m(age_s: float, reference_m: float = _SCS01_ERROR_M) -> float:
    """Estimate how far along its track an object is from where its elements put it.

    Parameters
    ----------
    age_s : float
        Age of the element set; the sign does not matter [s].
    reference_m : float
        Error at an age of 11 days [m].

    Returns
    -------
    float
        Estimated along-track error [m].

    Notes
    -----
    An error in the drag term is a constant error in the rate of mean motion, so the error along
    the track grows with the square of the age: ``e = e_11 (age / 11 d)^2``.

    References
    ----------
    .. [1] Project measurement on public element sets 11 days apart: SCS-01 about 800 km; Starlink,
       which manoeuvres, median 221 km and 90th percentile 3,900 km.
    """
    return reference_m * (age_s / _REFERENCE_AGE_S) ** 2


def stale_findings(spec: ScenarioFile, scenario: Scenario) -> Iterator[Finding]:
    """Find element sets too far from the start to be propagated to it.

    Parameters
    ----------
    spec : ScenarioFile
        Says whether such element sets are taken.
    scenario : Scenario
        The same mission.

    Yields
    ------
    Finding
        One for each of them.
    """
    if spec.stale:
        return
    for index, group in enumerate(scenario.groups):
        if not isinstance(group.orbit, ElementSets):
            continue
        for one in group.orbit.elements:
            age_days = scenario.start.seconds_since(one.epoch) / SECONDS_PER_DAY
            if abs(age_days) > STALE_AGE.value:
                yield Finding(
                    ("groups", index, "orbit", "element_sets"),
                    f"the element set of '{one.name}' is dated {abs(age_days):,.1f} days "
                    f"{'before' if age_days > 0 else 'after'} the start; propagable are those "
                    f"within {STALE_AGE.value:g} days",
                    "fetch newer element sets, move the start, or take them as they are with "
                    "--stale (stale: true)",
                )


def age_warnings(group: str, elements: tuple[MeanElements, ...], start: Epoch) -> tuple[str, ...]:
    """Warn of element sets older than three days at the start, or as far in its future.

    Parameters
    ----------
    group : str
        Name of the satellite group.
    elements : tuple of MeanElements
        Its element sets.
    start : Epoch
        Start of the run.

    Returns
    -------
    tuple of str
        One sentence, or nothing.
    """
    aged = [(start.seconds_since(item.epoch), item.name) for item in elements]
    old = [(age_s, name) for age_s, name in aged if abs(age_s) > WARN_AGE_S]
    if not old:
        return ()
    age_s, name = max(old, key=lambda pair: abs(pair[0]))
    when = "before" if age_s > 0 else "after"
    error_km, low_km, high_km = (
        along_track_error_m(age_s, reference_m) / 1000.0
        for reference_m in (_SCS01_ERROR_M, _MEDIAN_ERROR_M, _P90_ERROR_M)
    )
    return (
        f"group {group}: {len(old)} of {len(elements)} element sets are more than 3 days away "
        f"from the start; the worst, {name}, is dated {abs(age_s) / SECONDS_PER_DAY:.1f} days "
        f"{when} it: expect about {error_km:,.0f} km along its track "
        f"({low_km:,.0f} to {high_km:,.0f} km, growing with the square of the age). "
        "Fetch newer element sets to narrow it.",
    )
