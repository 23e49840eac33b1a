"""What a run begins with: digests of all that decides, and when satellites reach the ground."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from perigrid.base.codec import digest
from perigrid.base.jobs import Job
from perigrid.base.version import VERSION
from perigrid.fleet.model import ContactKind, Fleet, Outlook
from perigrid.scenario.jobs import BATCH
from perigrid.scenario.model import Scenario
from perigrid.scenario.stored import text_digest
from perigrid.workload.scene_bank import SceneBank
from perigrid.workload.stored_bank import scenes_text

FORMAT: Final = 1
SIMULATED: Final = "simulated"
LIVE: Final = "live"
RECORDS: Final = "records"
"""Key of the pins of a run whose events and decisions are recorded by tables, part by part;"""
TABLES: Final = "tables"
"""and its value."""
COMPARISON: Final = "comparison"
"""Key of the pins of whatever is part of a comparison: of which, and under which folder."""
ANCHOR_INTERVAL_S: Final = 600.0
"""While a contact lasts, a satellite's log is entered this often. [s]"""


class PinnedWorld(Protocol):
    """What decides in a run, simulated or live."""

    @property
    def scenario(self) -> Scenario:
        """The mission."""

    @property
    def fleet(self) -> Fleet:
        """What there is."""

    @property
    def outlook(self) -> Outlook:
        """What decisions cannot change."""

    @property
    def bank(self) -> SceneBank:
        """Executed scenes."""

    @property
    def jobs(self) -> Sequence[Job]:
        """Observations in order of capture, or compute jobs in that of their asking."""


def run_pins(world: PinnedWorld, architecture: str, mode: str, nonce: str = "") -> dict[str, Any]:
    """Collect the digests of everything that decides.

    Parameters
    ----------
    world : PinnedWorld
        The run.
    architecture : str
        Where jobs are done.
    mode : str
        :data:`SIMULATED` or :data:`LIVE`.
    nonce : str
        Tells live runs of one scenario apart; empty where a run can be repeated.

    Returns
    -------
    dict
        JSON values. The uncertainty of the clock is 0 where time is simulated and null where it was
        not compared with a reference.
    """
    decisive = decisive_pins(world.scenario, world.outlook)
    pins = {**shared_pins(world, architecture, mode, nonce), **decisive}
    if world.scenario.jobs is not None:  # nothing is executed on scenes
        return pins
    executed = text_digest(scenes_text(world.bank))
    return {**pins, "models": dict(world.bank.provenance), "scenes": executed}


def shared_pins(
    world: PinnedWorld, architecture: str, mode: str = SIMULATED, nonce: str = ""
) -> dict[str, Any]:
    """Collect what a comparison and its runs begin with alike.

    Parameters
    ----------
    world, architecture, mode, nonce
        As for :func:`run_pins`.

    Returns
    -------
    dict
        JSON values.
    """
    scenario = world.scenario
    return {
        "format": FORMAT,
        "perigrid": VERSION,
        "mode": mode,
        "nonce": nonce,
        "architecture": architecture,
        "start": scenario.start.iso(),
        "seed": scenario.seed,
        "scheduler": scenario.scheduler,
        **workload_said(scenario),
        "observations": len(world.jobs),
        "clock": {"kind": mode, "uncertainty_s": 0.0 if mode == SIMULATED else None},
        "scenario": {"name": scenario.name, "digest": scenario.digest},
    }


def workload_said(scenario: Scenario) -> dict[str, str]:
    """Name what is served, where it is not observations.

    Parameters
    ----------
    scenario : Scenario
        The mission.

    Returns
    -------
    dict
        ``workload``, of compute jobs; else nothing.
    """
    return {} if scenario.jobs is None else {"workload": BATCH}


def decisive_pins(scenario: Scenario, outlook: Outlook) -> dict[str, Any]:
    """Collect the digests of what the decision core is built from.

    Parameters
    ----------
    scenario : Scenario
        The mission.
    outlook : Outlook
        What decisions cannot change.

    Returns
    -------
    dict
        The part of :func:`run_pins` that a replay needs no observation for.
    """
    return {**mission_pins(scenario), "contacts": _contacts_digest(outlook)}


def mission_pins(scenario: Scenario) -> dict[str, Any]:
    """Collect the digests of what the scenario alone says.

    Parameters
    ----------
    scenario : Scenario
        The mission.

    Returns
    -------
    dict
        JSON values.
    """
    return {
        "scenario": {"name": scenario.name, "digest": scenario.digest},
        "elements": digest([asdict(group.orbit) for group in scenario.groups]),
        "policy": _policy(scenario),
    }


def _policy(scenario: Scenario) -> dict[str, Any]:
    """Digest of the rules and of who is asked."""
    return {
        "rules": digest([asdict(rule) for rule in scenario.rules]),
        "approver": digest(asdict(scenario.approver)),
    }


def _contacts_digest(outlook: Outlook) -> str:
    """Digest of every window decisions could use."""
    contacts = outlook.contacts
    hashed = hashlib.sha256()
    for column in (contacts.kind, contacts.source, contacts.target):
        hashed.update(np.ascontiguousarray(column, dtype="<i8").tobytes())
    for times in (contacts.t_start_s, contacts.t_end_s, contacts.rate_bps):
        hashed.update(_plain(times))
    return hashed.hexdigest()


def _plain(values: NDArray[np.float64]) -> bytes:
    return np.ascontiguousarray(values, dtype="<f8").tobytes()


def origin(pins: Mapping[str, Any], first: str) -> str:
    """Name the ground's log of a run, as no other log is named.

    Parameters
    ----------
    pins : dict
        From :func:`run_pins`.
    first : str
        Hash of the record that holds them.

    Returns
    -------
    str
        First line of its checkpoints.
    """
    name = re.sub(r"[^A-Za-z0-9._-]", "-", str(pins["scenario"]["name"]))
    return f"perigrid/{name}/{pins['architecture']}/{first[:16]}"


def ground_passes(fleet: Fleet, outlook: Outlook) -> list[tuple[float, str]]:
    """When which satellite can hand the state of its log to the ground.

    Parameters
    ----------
    fleet : Fleet
        For the names.
    outlook : Outlook
        Its contacts with stations and gateways.

    Returns
    -------
    list of (float, str)
        At the start of every contact and every ten minutes while it lasts, in order of time [s].
    """
    contacts = outlook.contacts
    down = np.isin(contacts.kind, (ContactKind.DOWNLINK, ContactKind.RELAY))
    down &= contacts.source < fleet.n_satellites
    passes = [
        (start_s + k * ANCHOR_INTERVAL_S, fleet.names[row])
        for start_s, end_s, row in zip(
            contacts.t_start_s[down].tolist(),
            contacts.t_end_s[down].tolist(),
            contacts.source[down].tolist(),
            strict=True,
        )
        for k in range(max(math.ceil((end_s - start_s) / ANCHOR_INTERVAL_S), 1))
    ]
    return sorted(passes)
