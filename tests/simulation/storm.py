"""Many seeds: the first that breaks an invariant says how to see it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from simulation.disk import BrokenError
from simulation.world import Flown, fly

AGAIN = "python benchmarks/governance_storm.py --first {} --seeds 1"


@dataclass
class Totals:
    """What many seeds came to."""

    seeds: int = 0
    faults: Counter = field(default_factory=Counter)
    jobs: int = 0
    delivered: int = 0
    acts: int = 0
    records: int = 0
    violations: list[str] = field(default_factory=list)

    def add(self, flown: Flown) -> None:
        self.seeds += 1
        self.faults += flown.faults
        self.jobs += flown.jobs
        self.delivered += flown.delivered
        self.acts += flown.acts
        self.records += flown.records

    def merge(self, other: Totals) -> None:
        for name in ("seeds", "faults", "jobs", "delivered", "acts", "records", "violations"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def storm(seeds: Iterable[int]) -> Totals:
    """Fly seeds and gather what they broke."""
    totals = Totals()
    for seed in seeds:
        try:
            totals.add(fly(seed))
        except Exception as error:  # noqa: BLE001  whatever breaks is a finding
            totals.seeds += 1
            again = AGAIN.format(seed)
            totals.violations.append(f"{type(error).__name__}: {error}\n    {again}")
    return totals


def first_violation(seeds: Iterable[int]) -> tuple[int, str] | None:
    """Find the first seed that breaks an invariant, and which one."""
    for seed in seeds:
        try:
            fly(seed)
        except BrokenError as violation:
            return seed, str(violation).partition(":")[0]
    return None
