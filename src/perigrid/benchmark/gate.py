"""``perigrid bench gate``: what judging and recording an action costs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cedarpy
import numpy as np

from perigrid.base.jobs import Job, Product
from perigrid.base.messages import Captured, Leg, Move
from perigrid.benchmark.measure import Duel, Timing, duel
from perigrid.benchmark.recording import bench_recording
from perigrid.control.policy.build import build_gate
from perigrid.control.policy.gate import Gate
from perigrid.control.policy.packs import BASE, pack_text, schema_text
from perigrid.control.policy.request import DOWNLINK, Request
from perigrid.control.policy.verdicts import DENY
from perigrid.fleet.build import build_fleet
from perigrid.scenario.load import load_scenario
from perigrid.scenario.model import Governance


def bench_gate(requests: int = 2000, jobs: int = 500, seconds_s: float = 20.0) -> list[Timing]:
    """Time decisions one by one, remembered, prefiltered, and recorded at a thousand a second.

    Parameters
    ----------
    requests : int
        Different requests to decide.
    jobs : int
        Observations, each a different scene.
    seconds_s : float
        Length of the run at a thousand actions a second [s].

    Returns
    -------
    list of Timing
        Per decision; the last two rows are those of :func:`bench_recording`.
    """
    gate, moves = _gate(jobs)
    asked = _questions(gate, requests)
    some = asked[: max(1, requests // 20)]
    text, schema = policy_texts_of(), schema_text()
    entities = gate.places.entities()
    prepared = duel(
        lambda: [gate.policies.answer(one).allowed for one in some],
        lambda: [
            cedarpy.is_authorized(one.to_cedar(), text, entities, schema).allowed for one in some
        ],
        2,
    )
    batched = duel(
        lambda: gate.policies.answers(asked),
        lambda: [gate.policies.answer(one) for one in asked],
        2,
    )
    again = duel(
        lambda: [gate.judge(move).decision for move in moves],
        lambda: [_judged_anew(gate, move) for move in moves],
        2,
    )
    filtered = duel(
        lambda: [gate.forbidden_nodes(n, Product.RAW) for n in range(jobs)],
        lambda: [_judged_nodes(gate, move) for move in moves],
        2,
    )
    return [
        _row("a decision of Cedar, parsed once", len(some), prepared, "parsed each time"),
        _row("the same in a batch", requests, batched, "one by one"),
        _row("a move judged from memory", jobs, again, "by Cedar"),
        _row("all nodes prefiltered for a scene", jobs, filtered, "judged one by one"),
        *bench_recording(gate, moves, seconds_s),
    ]


def policy_texts_of() -> str:
    """Give what decides in the benchmark, as one text.

    Returns
    -------
    str
        The European pack and the base.
    """
    return f"{pack_text('eu')}\n{pack_text(BASE)}"


def _row(name: str, count: int, timed: Duel[Any, Any], reference: str) -> Timing:
    apart = float(timed.ours != timed.reference)
    return Timing(
        f"policy: {name}",
        timed.ours_s / count,
        reference,
        timed.reference_s / count,
        agreement=apart,
        unit="answers",
    )


def _judged_anew(gate: Gate, move: Move) -> str:
    gate.forget()
    return gate.judge(move).decision


def _judged_nodes(gate: Gate, move: Move) -> frozenset[int]:
    leg = move.legs[0]
    denied = (
        row
        for row in range(len(gate.places.names))
        if gate.judge(replace(move, target=row, legs=(replace(leg, target=row),))).decision == DENY
    )
    return frozenset(denied)


def _gate(jobs: int) -> tuple[Gate, list[Move]]:
    """Build a gate of the main scenario under European law, and raw scenes on their way down."""
    plain = load_scenario("three-body")
    scenario = replace(plain, governance=Governance(jurisdictions=("eu",)))
    fleet = build_fleet(scenario)
    gate = build_gate(scenario, fleet)
    rng = np.random.default_rng(1)
    latitude_rad = np.arcsin(rng.uniform(-0.9, 0.9, jobs))
    longitude_rad = rng.uniform(-np.pi, np.pi, jobs)
    shutters = [
        Captured(
            float(n), Job(n, n % fleet.n_satellites, float(n), 1e5, 1e8, 1.6e9, lat, lon, 0, 0)
        )
        for n, (lat, lon) in enumerate(zip(latitude_rad, longitude_rad, strict=True))
    ]
    gate.learn(shutters)
    station, centre = min(fleet.stations), min(fleet.data_centres)
    legs = tuple(
        Leg(0, "downlink", 0, row, 0.0, 0.0, 0.0, 1.0, 1.0, 1e8) for row in (station, centre)
    )
    return gate, [Move(n, Product.RAW, 0, centre, legs, "") for n in range(jobs)]


def _questions(gate: Gate, count: int) -> list[Request]:
    """Build requests that differ in what every policy reads."""
    scene = gate.custody.scene(0, "raw")
    assert scene is not None  # noqa: S101  the shutter was learnt above
    return [Request(DOWNLINK, gate.place_name(0), replace(scene, gsd_cm=n)) for n in range(count)]
