"""A flight's summary for the terminal."""

from __future__ import annotations

from typing import Any

from perigrid.base.units import S_PER_HOUR, ZERO_CELSIUS_K

_KWH_J = 1000.0 * S_PER_HOUR


def flight_text(summary: dict[str, Any], stages_s: dict[str, float] | None = None) -> str:
    """Lay a flight out.

    Parameters
    ----------
    summary : dict
        As in ``summary.json``.
    stages_s : dict of str to float, optional
        Wall time by stage [s].

    Returns
    -------
    str
        A few lines.
    """
    jobs = summary["jobs"]
    causes = summary["missed_by_cause"]
    told = ", ".join(f"{name} {count:,}" for name, count in sorted(causes.items()))
    latency = summary["latency_s"]
    computer = summary["computer"]
    rows = [
        ("delivered", f"{summary['delivered']:,} of {jobs:,} jobs"
                      f" ({_share(summary['delivered'], jobs)}), {summary['wrong']:,} wrong"),
        ("missed", f"{summary['missed']:,}" + (f": {told}" if told else "")),
        ("under way", f"{summary['in_flight']:,} at the end"),
        ("value", f"{summary['value']:,.1f}; no schedule above {summary['bound']:,.1f} "
                  f"({summary['value_of_bound']:.1%} of it), bound by {summary['bound_by']}"),
        ("latency", ", ".join(f"{name} {value:,.1f} s" for name, value in latency.items()
                              if value is not None) or "no answers"),
        ("fleet", f"{summary['satellites']:,} satellites, computers used {_percent(summary)}, "
                  f"{summary['compute_energy_j'] / _KWH_J:,.1f} kWh of jobs"),
        ("limits", f"lowest state of charge {summary['lowest_soc']:.2f}, computers "
                   f"{computer['coldest_k'] - ZERO_CELSIUS_K:.0f} to "
                   f"{computer['hottest_k'] - ZERO_CELSIUS_K:.0f} degC"),
    ]  # fmt: skip
    if stages_s:
        parts = ", ".join(f"{name} {value_s:.1f} s" for name, value_s in stages_s.items())
        rows.append(("time", f"{sum(stages_s.values()):.1f} s: {parts}"))
    return "\n".join(f"{name:<10} {words}" for name, words in rows)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "none"


def _percent(summary: dict[str, Any]) -> str:
    return f"{summary['utilisation']:.1%}"
