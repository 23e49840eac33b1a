"""Every contact window of a scenario, by pair of nodes; runs no job."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from perigrid.base.progress import Progress
from perigrid.base.time import Epoch
from perigrid.base.units import BITS_PER_BYTE
from perigrid.fleet.build import build_fleet
from perigrid.fleet.ephemeris import satellite_ephemeris
from perigrid.fleet.ion_export import contacts_as_ion, node_number
from perigrid.fleet.model import ContactKind, Contacts, Floats, NodeKind
from perigrid.fleet.outlook import build_outlook
from perigrid.fleet.pass_schedule import Fate, Passes, all_passes
from perigrid.scenario.ion_contact_plan import write_ion
from perigrid.scenario.model import Scenario

WINDOW_COLUMNS: Final = (
    *("kind", "source", "target", "start", "start_s", "end_s", "rate_bps", "volume_bytes"),
    "light_time_s",
)
"""Of each window, in the order written."""
PASS_COLUMNS: Final = (
    *("satellite", "station", "start", "start_s", "end_s", "max_elevation_deg", "fate"),
)
"""Of each pass over a station, in the order written."""
FATES: Final = {
    Fate.OPEN: "open",
    Fate.TOO_SHORT: "too short",
    Fate.TOO_WEAK: "too weak",
}
"""What becomes of a pass, in words."""


@dataclass(frozen=True, slots=True)
class ContactList:
    """Windows of a scenario.

    Parameters
    ----------
    scenario : str
        Its name.
    start : Epoch
        What times count from.
    names : tuple of str
        By fleet row.
    contacts : Contacts
        Every window, in the order of time.
    passes : Passes, optional
        Every pass over a station, also those that cannot be used.
    antennas : dict of int to int
        How many satellites each station serves at once, by fleet row.
    """

    scenario: str
    start: Epoch
    names: tuple[str, ...]
    contacts: Contacts
    passes: Passes | None = None
    antennas: dict[int, int] = field(default_factory=dict)

    def windows(self) -> list[dict[str, Any]]:
        """List every window.

        Returns
        -------
        list of dict
            Of :data:`WINDOW_COLUMNS`.
        """
        table = self.contacts
        return [
            {
                "kind": ContactKind(int(table.kind[row])).name.lower(),
                "source": self.names[int(table.source[row])],
                "target": self.names[int(table.target[row])],
                "start": self.start.plus(float(table.t_start_s[row])).iso(),
                "start_s": float(table.t_start_s[row]),
                "end_s": float(table.t_end_s[row]),
                "rate_bps": float(table.rate_bps[row]),
                "volume_bytes": float(
                    (table.t_end_s[row] - table.t_start_s[row])
                    * table.rate_bps[row]
                    / BITS_PER_BYTE
                ),
                "light_time_s": float(table.light_time_s[row]),
            }
            for row in range(len(table))
        ]

    def pairs(self) -> list[dict[str, Any]]:
        """Sum the windows of each kind between two nodes.

        Returns
        -------
        list of dict
            ``kind, source, target, windows, first_start_s, open_s, longest_s, volume_bytes``.
        """
        groups: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
        for window in self.windows():
            groups[window["kind"], window["source"], window["target"]].append(window)
        return [
            {
                "kind": kind,
                "source": source,
                "target": target,
                "windows": len(group),
                "first_start_s": group[0]["start_s"],
                "open_s": sum(one["end_s"] - one["start_s"] for one in group),
                "longest_s": max(one["end_s"] - one["start_s"] for one in group),
                "volume_bytes": sum(one["volume_bytes"] for one in group),
            }
            for (kind, source, target), group in sorted(groups.items())
        ]

    def access(self) -> list[dict[str, Any]]:
        """List every pass in sight of a station, also those that cannot be used.

        Returns
        -------
        list of dict
            Of :data:`PASS_COLUMNS`.
        """
        table = self.passes
        if table is None:
            return []
        return [
            {
                "satellite": self.names[int(table.satellite[row])],
                "station": self.names[int(table.station[row])],
                "start": self.start.plus(float(table.rise_s[row])).iso(),
                "start_s": float(table.rise_s[row]),
                "end_s": float(table.set_s[row]),
                "max_elevation_deg": math.degrees(float(table.max_elevation_rad[row])),
                "fate": FATES[Fate(int(table.fate[row]))],
            }
            for row in range(len(table.rise_s))
        ]

    def stations(self) -> list[dict[str, Any]]:
        """Count by station what its passes are, and how long they ask for too many antennas.

        Returns
        -------
        list of dict
            ``station, passes, open, too short, too weak, open_s, antennas, crowded_s``, in the
            order of the fleet: ``open_s`` sums the open passes, in ``crowded_s`` more of them are
            in sight at once than there are antennas.
        """
        table = self.passes
        if table is None:
            return []
        rows = []
        for station in np.unique(table.station).tolist():
            here = table.station == station
            used, antennas = here & (table.fate == Fate.OPEN), self.antennas[station]
            rise_s, set_s = table.rise_s[used], table.set_s[used]
            rows.append(
                {"station": self.names[station], "passes": int(here.sum())}
                | {word: int((table.fate[here] == fate).sum()) for fate, word in FATES.items()}
                | {
                    "open_s": float((set_s - rise_s).sum()),
                    "antennas": antennas,
                    "crowded_s": _crowded_s(rise_s, set_s, antennas),
                }
            )
        return rows

    def ion(self, *, decimals: bool = False) -> str:
        """Write the windows as a contact plan for ION.

        Parameters
        ----------
        decimals : bool
            Keep fractions, for tools that read them.

        Returns
        -------
        str
            With every node's number and name in comments at its head.
        """
        plan = contacts_as_ion(self.contacts, self.start, decimals=decimals)
        used = sorted({node for one in plan.contacts for node in (one.source, one.target)})
        numbers = {node_number(row): name for row, name in enumerate(self.names)}
        comments = [
            f"contact plan of {self.scenario}: {len(plan.contacts)} of its "
            f"{len(self.contacts)} windows",
            *(f"node {number} = {numbers[number]}" for number in used),
        ]
        return write_ion(plan, tuple(comments))

    def to_dict(self) -> dict[str, Any]:
        """Turn into JSON values.

        Returns
        -------
        dict
            ``scenario, start, pairs, windows, stations``.
        """
        return {
            "scenario": self.scenario,
            "start": self.start.iso(),
            "pairs": self.pairs(),
            "windows": self.windows(),
            "stations": self.stations(),
        }


def list_contacts(scenario: Scenario, progress: Progress | None = None) -> ContactList:
    """Work out every contact window of a scenario.

    Parameters
    ----------
    scenario : Scenario
        The mission.
    progress : callable, optional
        Told a label and a share from 0 to 1.

    Returns
    -------
    ContactList
        Nothing is booked on any window.
    """
    fleet = build_fleet(scenario)
    track = satellite_ephemeris(scenario)
    outlook = build_outlook(replace(scenario, jobs=None), fleet, track, progress=progress)
    passes = all_passes(fleet, track) if len(fleet.rows(NodeKind.STATION)) else None
    antennas = {row: one.antennas for row, one in fleet.stations.items()}
    start, names = scenario.start, fleet.names
    return ContactList(scenario.name, start, names, outlook.contacts, passes, antennas)


def _crowded_s(rise_s: Floats, set_s: Floats, antennas: int) -> float:
    """Time in which more passes are open at once than there are antennas [s]."""
    edges_s = np.concatenate([rise_s, set_s])
    change = np.concatenate([np.ones(len(rise_s)), -np.ones(len(set_s))])
    order = np.argsort(edges_s, kind="stable")
    at_once = np.cumsum(change[order])[:-1]
    return float(np.diff(edges_s[order])[at_once > antennas].sum())
