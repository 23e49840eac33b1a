"""Routes over the Kuiper shell of 630 km between Manila and Dalian, as hypatia published them."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.fleet.network.series import RouteSeries
from perigrid.validation.case import Case, compare
from perigrid.validation.hypatia import KUIPER_630, hypatia_routes

_SOURCE: Final = "hypatia, networkx_{rtt,path}_1173_to_1241 (doi:10.1145/3419394.3423635)"
_MANILA_DEG: Final = (14.6042, 120.9822)
_DALIAN_DEG: Final = (38.913811, 121.602322)
_NOTE: Final = "tolerance: 0.001 ms or 150 m of path; another SGP4 and sidereal time differ by less"

# Time in seconds, round trip in nanoseconds.
_ROUND_TRIPS: Final = (
    (0.0, 29_423_137.7582),
    (50.0, 41_185_798.6550),
    (100.0, 42_776_626.2758),
    (150.0, 42_234_037.9425),
)
# Time of each change within 200 s, and the satellites from then on.
_PATHS: Final = (
    (0.0, (184, 183, 217)),
    (18.0, (218, 217)),
    (27.6, (648, 649, 650, 616)),
    (74.3, (218, 217, 216, 250)),
    (125.9, (647, 648, 649, 650, 616)),
    (128.7, (647, 648, 649, 615)),
)
_STEP_S: Final = 0.1


def kuiper_630() -> list[Case]:
    """Compare round trips and paths of one pair of cities.

    Returns
    -------
    list of Case
        Round trips at four times; how many of the six paths begin at the published step.
    """
    return [
        *(
            compare(
                f"round trip Manila - Dalian over Kuiper-630, {t_s:g} s after epoch",
                published_ns * 1.0e-6,
                float(series.rtt_s[0]) * 1.0e3,
                tolerance=1.0e-3,
                source=_SOURCE,
                unit="ms",
                note=_NOTE,
            )
            for (t_s, published_ns) in _ROUND_TRIPS
            for series in (_series(np.array([t_s])),)
        ),
        _path_changes(),
    ]


def _series(t_s: npt.NDArray[np.float64]) -> RouteSeries:
    places = np.array([_MANILA_DEG, _DALIAN_DEG])
    (series,) = hypatia_routes(KUIPER_630, places[:, 0], places[:, 1], np.array([[0, 1]]), t_s)
    return series


def _path_changes() -> Case:
    """Look at the step of each change, where the new path holds, and at the step before."""
    starts = np.array([t_s for t_s, _ in _PATHS])
    series = _series(np.stack([np.maximum(starts - _STEP_S, 0.0), starts], axis=1).ravel())
    now = [tuple(series.path_at(2 * k + 1)[1:-1].tolist()) for k in range(len(_PATHS))]
    before = [tuple(series.path_at(2 * k)[1:-1].tolist()) for k in range(len(_PATHS))]
    published = [path for _, path in _PATHS]
    earlier = [published[0], *published[:-1]]
    same = sum(
        here == path and past == old
        for here, past, path, old in zip(now, before, published, earlier, strict=True)
    )
    return compare(
        "paths Manila - Dalian over Kuiper-630 that begin at the published 0.1 s",
        float(len(_PATHS)),
        float(same),
        tolerance=0.0,
        source=_SOURCE,
        note="tolerance: none, a path is the same or it is not",
    )
