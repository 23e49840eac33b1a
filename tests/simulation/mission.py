"""The mission of the storm: two operators, two jurisdictions, two people, four satellites."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, lru_cache
from random import Random
from unittest.mock import patch

from missions import COMPUTE, SCENARIO, station
from perigrid.base.approvals import Envelope
from perigrid.base.architecture import Architecture
from perigrid.base.grants import CapabilityGrant
from perigrid.base.jobs import Job
from perigrid.control import act_facts, lending
from perigrid.control.controller import Controller
from perigrid.control.core import build as core_build
from perigrid.control.policy import build as policy_build
from perigrid.control.policy.approval import book, orders
from perigrid.control.policy.gate import Gate
from perigrid.fleet.build import build_fleet
from perigrid.fleet.model import ContactKind, Fleet, Outlook
from perigrid.scenario.faults import Recovery
from perigrid.scenario.model import DataCentre, Governance, Rule, Scenario, SunSynchronous
from perigrid.scenario.oversight import Oversight, PersonModel, Terms
from perigrid.scenario.policy_model import Party
from perigrid.scenario.sharing import Sharing
from perigrid.workload.territory import shared_territories
from scheduling_cases import contact_table, empty_outlook

N_SATELLITES = 4
HORIZON_S = 14_400.0
STORM_ENDS_S = 8000.0
LIFE_S = 900.0
"""How long a satellite may act after it last heard from the ground. [s]"""
VALID_S = 900.0
"""How long approvals are in force. [s]"""
SCENE_BYTES = 1e8
STORAGE_BYTES = 6e8
"""What a satellite stores, six scenes. [B]"""
STAGE_S = 150.0
"""How long a stage takes in the tiny world. [s]"""
DIRECTOR = PersonModel("person-1", "flight-director", 60.0)
OFFICER = PersonModel("person-2", "safety-officer", 90.0)
EUROPEANS = ("North",)
"""Operators seated in the Union: the oracle's own list."""
SHARES_S = 1.0
"""What a grant lends: one observation, which takes 0.95 s. [s]"""
ENVELOPE = Envelope(
    "first-light", ("compute",), (), (), (), (), None, 0.0, 5000.0, 3.0, -1.0, -1.0, 2,
    ("flight-director", "safety-officer"),
)  # fmt: skip
PLACES = {  # latitude, longitude [rad], and whether the scene lies in the Union
    (0.83, 0.18): True,  # southern Germany
    (0.85, 0.05): True,  # France
    (0.70, 0.10): False,  # the sea off Corsica
    (0.50, 1.90): False,  # China
    (-0.40, 2.30): False,  # Australia
}
GRANTS = (
    CapabilityGrant("to-north", "ADA", "North", "", SHARES_S, 0.0, 6000.0, (), (), False, "g"),
    CapabilityGrant("to-ada", "North", "ADA", "", SHARES_S, 0.0, 6000.0, (), (), False, "h"),
)


@cache
def mission() -> tuple[Scenario, Fleet]:
    """Give scenario and fleet, once for all seeds."""
    orbit = SunSynchronous(N_SATELLITES, 520.0e3, 10.5)
    group = replace(COMPUTE, orbit=orbit, storage_bytes=STORAGE_BYTES)
    computer = group.computer
    bare = replace(
        SCENARIO,
        groups=(group,),
        stations=(
            station("Kiruna", 67.86, 20.96, operator="North", country="SE"),
            station("Beijing", 40.45, 116.86),
        ),
        data_centres=(
            DataCentre("Hangzhou", "ADA", "CN", 0.5283, 2.0980, computer, 1.3),
            DataCentre("Frankfurt", "North", "DE", 0.8744, 0.1516, computer, 1.3),
        ),
        rules=(Rule("watch", "ask", "compute", "any", "any", "any", "people watch computing"),),
        governance=Governance(("eu",), (Party("North", "SE", "SE"), Party("ADA", "CN", "CN"))),
        scheduler="fifo",
        recovery=Recovery(on_suspicion="elsewhere", quarantine_s=1200.0),
        oversight=Oversight(
            (DIRECTOR, OFFICER),
            Terms(2, ("flight-director", "safety-officer"), VALID_S),
            (ENVELOPE,),
            autonomy_s=LIFE_S,
        ),
    )
    names = build_fleet(bare).names[:2]
    shared = replace(bare, sharing=Sharing((("North", names),), GRANTS))
    return shared, build_fleet(shared)


@cache
def outlook() -> Outlook:
    """Give contacts: every satellite sees a station a third of the time, others now and then."""
    _, fleet = mission()
    stations = list(fleet.stations)
    rows = []
    for row in range(N_SATELLITES):
        for turn in range(10):
            begin_s = 300.0 * row + 1500.0 * turn
            target = stations[(row + turn) % 2]
            rows.append((ContactKind.DOWNLINK, row, target, begin_s, begin_s + 500.0))
        for other in set(range(N_SATELLITES)) - {row}:
            for turn in range(6):
                begin_s = 2700.0 * turn + 100.0 * row
                rows.append((ContactKind.CROSSLINK, row, other, begin_s, begin_s + 1500.0))
    return replace(empty_outlook(fleet), contacts=contact_table(rows))


@cache
def ground_passes() -> tuple[tuple[float, str], ...]:
    """List when which satellite can reach the ground."""
    _, fleet = mission()
    contacts = outlook().contacts
    rows = zip(contacts.kind, contacts.source, contacts.t_start_s, strict=True)
    down = int(ContactKind.DOWNLINK)
    return tuple(
        sorted((float(t), fleet.names[source]) for kind, source, t in rows if kind == down)
    )


_VERDICTS: dict = {}
_FORBIDDEN: dict = {}


@cache
def _policies():
    return policy_build.build_policies(*mission())


@cache
def _located(latitude_rad: tuple, longitude_rad: tuple, half_m: tuple):
    import numpy as np

    return shared_territories(np.array(latitude_rad), np.array(longitude_rad), np.array(half_m))


def new_gate() -> Gate:
    """Make a gate as :func:`build_gate` does; Cedar is parsed and answers once a process."""
    scenario, fleet = mission()
    ready = _policies()
    with patch.object(policy_build, "build_policies", lambda *_: ready):
        gate = policy_build.build_gate(scenario, fleet)
    gate._verdicts, gate._forbidden = _VERDICTS, _FORBIDDEN
    gate.custody.locate = lambda *edges: _located(*(tuple(map(float, one)) for one in edges))
    return gate


# Pure functions of few arguments: worked out once a process, not once a restart.
_states_of = cache(act_facts.states_of)
_operator_key = cache(lending.operator_key)
_is_signed_by = lru_cache(maxsize=100_000)(book.is_signed_by)


@contextmanager
def remembered() -> Iterator[None]:
    """Remember states, keys and checked signatures for the time of a flight."""
    with (
        patch.object(act_facts, "states_of", _states_of),
        patch.object(lending, "operator_key", _operator_key),
        patch.object(book, "is_signed_by", _is_signed_by),
        patch.object(orders, "is_signed_by", _is_signed_by),
    ):
        yield


def new_core(architecture: Architecture, jobs: Sequence[Job]) -> Controller:
    """Make a decision core whose gate remembers what it was asked before."""
    scenario, fleet = mission()
    with patch.object(core_build, "build_gate", lambda *_: new_gate()):
        return Controller(scenario, fleet, outlook(), architecture, jobs)


def draw_jobs(rng: Random, count: int) -> list[Job]:
    """Draw observations in order of capture."""
    times_s = sorted(round(rng.uniform(50.0, 5000.0), 1) for _ in range(count))
    jobs = []
    for number, t_s in enumerate(times_s):
        latitude_rad, longitude_rad = rng.choice(list(PLACES))
        origin = rng.randrange(N_SATELLITES)
        deadline_s = t_s + 9000.0
        jobs.append(
            Job(
                number,
                origin,
                t_s,
                deadline_s,
                SCENE_BYTES,
                1.6e9,
                latitude_rad,
                longitude_rad,
                3,
                2,
            )
        )
    return jobs
