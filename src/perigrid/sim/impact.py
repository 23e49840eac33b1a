"""What governance costs: the same observations with a mission's rules and without them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from perigrid.base.architecture import Architecture
from perigrid.base.jobs import Outcome
from perigrid.base.progress import Progress
from perigrid.fleet.build import build_fleet
from perigrid.ledger.comparison import seal_comparison
from perigrid.ledger.source import Source
from perigrid.ledger.table_file import read_table
from perigrid.ledger.tables import ACTIONS
from perigrid.scenario.without_rules import without_rules
from perigrid.sim import compare as comparing
from perigrid.sim.checkpoint import world_digest
from perigrid.sim.kept_run import Keep, work_key
from perigrid.sim.run import write_json
from perigrid.sim.run_files import WITHOUT
from perigrid.sim.staging import Staging
from perigrid.sim.world import World

GOVERNANCE: Final = "governance"
"""Key of the comparison that says what the rules cost."""

_PERCENTS: Final = (50.0, 90.0)


def compare_both(
    world: World,
    architectures: Sequence[Architecture],
    staging: Staging,
    *,
    command: str = "",
    progress: Progress | None = None,
    keep: Keep | None = None,
    dress: comparing.Dress | None = None,
) -> dict[str, Any]:
    """Fly every architecture with the scenario's rules and without them.

    Parameters
    ----------
    world : World
        With the rules.
    architectures : sequence of Architecture
        In the order in which they are shown.
    staging : Staging
        Where it is written; the flights without rules in the folder :data:`WITHOUT` of it.
    command : str
        How to reproduce the comparison.
    progress : callable, optional
        Told a label and a share from 0 to 1.
    keep : Keep, optional
        Where checkpoints and finished architectures are kept and found; none if left out.
    dress : callable, optional
        Given the folder before it is signed.

    Returns
    -------
    dict
        The comparison with the rules, and under ``governance`` what they cost.
    """
    folder = staging.folder
    free = world_without_rules(world)
    part = comparing.identified(world, architectures, both=True)
    without = part.inside(WITHOUT)
    given = comparing.fly_all(
        world, architectures, folder, part, command=command, progress=progress, keep=keep
    )
    inner = folder / WITHOUT
    inner.mkdir(exist_ok=True)
    kept = None if keep is None else _keep_without(keep, staging, free)
    tell = None if progress is None else _labelled(progress)
    comparing.fly_all(
        free, architectures, inner, without, command=command, progress=tell, keep=kept
    )
    names = [one.name for one in architectures]
    seal_comparison(inner, free, without, names)
    given[GOVERNANCE] = {
        one.name: governance_cost(folder / one.name, inner / one.name) for one in architectures
    }
    write_json(folder / comparing.COMPARISON, given)
    if dress is not None:
        dress(folder)
    seal_comparison(folder, world, part, [*names, WITHOUT])
    return given


def world_without_rules(world: World) -> World:
    """Take the rules out of a world; observations, contacts and scenes stay.

    Parameters
    ----------
    world : World
        With rules.

    Returns
    -------
    World
        Everything else the same.

    Raises
    ------
    ScenarioError
        If it has none.
    """
    scenario = without_rules(world.scenario)
    return dataclasses.replace(world, scenario=scenario, fleet=build_fleet(scenario))


def governance_cost(ruled: Path, free: Path) -> dict[str, Any]:
    """Say what the rules cost one architecture.

    Parameters
    ----------
    ruled, free : Path
        Run folders with the rules and without them, of the same observations.

    Returns
    -------
    dict
        JSON values: ``with``, ``without`` (figures of either), ``lost``, ``gained``, ``lost_by``
        (insights), ``added_s`` (of the insights that came both ways), ``approvals``, ``denied``
        and ``asked`` (decisions by rule).
    """
    jobs = pl.read_parquet(ruled / "jobs.parquet"), pl.read_parquet(free / "jobs.parquet")
    summaries = _summary(ruled), _summary(free)
    both = jobs[0].join(jobs[1], on="job_id", suffix="_free", validate="1:1")
    came, came_free = (pl.col(name) == Outcome.DELIVERED.value for name in _OUTCOMES)
    lost = both.filter(came_free & ~came)
    later = both.filter(came & came_free)
    added_s = (later["time_to_insight_s"] - later["time_to_insight_s_free"]).to_numpy()
    return {
        "with": _figures(jobs[0], summaries[0]),
        "without": _figures(jobs[1], summaries[1]),
        "lost": lost.height,
        "gained": both.filter(came & ~came_free).height,
        "lost_by": _reasons(lost),
        "added_s": _spread(added_s) | {"mean": float(added_s.mean()) if len(added_s) else None},
        "approvals": {key: summaries[0]["approvals"][key] for key in _APPROVALS},
        "denied": _by_rule(ruled, "deny"),
        "asked": _by_rule(ruled, "ask"),
    }


_OUTCOMES: Final = ("outcome", "outcome_free")
_APPROVALS: Final = ("asked", "granted", "refused", "expired", "answer_s", "age_s")


def _keep_without(keep: Keep, staging: Staging, free: World) -> Keep:
    work = staging.work / WITHOUT
    work.mkdir(exist_ok=True)
    return Keep(work, work_key(staging.identity, world_digest(free)), keep.notice)


def _labelled(progress: Progress) -> Progress:
    return lambda label, part: progress(f"{label}, without rules", part)


def _summary(folder: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return read


def _figures(jobs: pl.DataFrame, summary: dict[str, Any]) -> dict[str, Any]:
    """Figures of one run that rules can change."""
    times_s = jobs.filter(pl.col("outcome") == Outcome.DELIVERED.value)["time_to_insight_s"]
    spent_j = float((jobs["space_energy_j"] + jobs["ground_energy_j"]).sum())
    held_j = summary["held_laser_j_per_insight"] or 0.0
    delivered = int(summary["insights_delivered"])
    return {
        "delivered": delivered,
        "missed_by_rule": int(summary["missed_by"].get("rule", 0)),
        "in_flight": int(summary["in_flight"]),
        "time_to_insight_s": _spread(times_s.to_numpy())
        | {"p50_all": summary["time_to_insight_s"]["p50_all"]},
        "waited_for_rules_s": float(jobs["wait_rule_s"].sum()),
        "energy_j": spent_j + held_j * delivered,
        "energy_j_per_insight": summary["energy_j_per_insight"]["total"],
        "bytes": dict(summary["bytes"]),
    }


def _reasons(lost: pl.DataFrame) -> dict[str, int]:
    """Count insights that the rules cost by what became of them instead."""
    said = lost.select(
        pl.when(pl.col("outcome") == Outcome.IN_FLIGHT.value)
        .then(pl.lit(Outcome.IN_FLIGHT.value))
        .otherwise(pl.col("reason"))
        .alias("reason")
    )
    return {str(name): int(n) for name, n in sorted(said["reason"].value_counts().iter_rows())}


def _spread(values_s: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, Any]:
    if not len(values_s):
        return {"n": 0, "p50": None, "p90": None}
    p50, p90 = np.percentile(values_s, _PERCENTS)
    return {"n": len(values_s), "p50": float(p50), "p90": float(p90)}


def _by_rule(folder: Path, verdict: str) -> dict[str, int]:
    """Count decisions with a verdict by the rule that gave it."""
    actions = read_table(Source(str(folder), folder), "actions", ACTIONS, ("verdict", "rule"))
    rules = actions.filter(pl.col("verdict") == verdict)["rule"].value_counts()
    return {str(rule): int(n) for rule, n in sorted(rules.iter_rows())}
