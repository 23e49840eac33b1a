"""A route through the relay network in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from perigrid.report.words import count, duration, share

_MOST_PATHS: Final = 12
_S_TO_MS: Final = 1.0e3


def routes_text(found: Mapping[str, Any]) -> str:
    """Write a route for a terminal.

    Parameters
    ----------
    found : mapping
        What :func:`perigrid.sim.routes.routes` gives.

    Returns
    -------
    str
        Lines.
    """
    there, back = found["from"], found["to"]
    handovers = found["handovers"]
    lines = [
        f"{there} - {back} over {count(found['satellites'])} satellites: "
        f"{count(found['steps'])} times, every {duration(found['step_s'])}, "
        f"{found['hop_s'] * _S_TO_MS:g} ms of processing in each satellite",
        "",
        f"round trip    {_round_trip(found['rtt_ms'])}",
        f"path changes  {count(found['path_changes'])}",
        f"handovers     {count(handovers['from'])} at {there}, {count(handovers['to'])} at {back}",
        f"outages       {_outages(found)}",
        "",
        "path from",
        *(f"  {_clock(turn['t_s'])}  {_path(turn)}" for turn in found["paths"][:_MOST_PATHS]),
    ]
    left = len(found["paths"]) - _MOST_PATHS
    if left > 0:
        lines.append(f"  and {count(left)} more: --json lists all")
    if found["disjoint"]:
        lines += ["", "at the start, without a satellite in common"]
        lines += [f"  {_path(route)}" for route in found["disjoint"]]
    return "\n".join(lines)


def _round_trip(rtt_ms: Mapping[str, float | None]) -> str:
    if rtt_ms["median"] is None:
        return "none"
    least, median, largest = (rtt_ms[key] for key in ("least", "median", "largest"))
    return f"{median:.2f} ms in the median, {least:.2f} to {largest:.2f} ms"


def _outages(found: Mapping[str, Any]) -> str:
    windows: Sequence[Sequence[float]] = found["outages"]
    if not windows:
        return "none"
    longest_s = max(end - start for start, end in windows)
    part = share(found["outage_fraction"])
    return f"{count(len(windows))}, {part} of the time, the longest {duration(longest_s)}"


def _clock(t_s: float) -> str:
    minutes, seconds = divmod(round(t_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}"


def _path(turn: Mapping[str, Any]) -> str:
    if not turn["nodes"]:
        return "no path"
    return f"{turn['rtt_ms']:6.2f} ms  {' - '.join(turn['nodes'])}"
