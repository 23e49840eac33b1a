"""A small run folder with a ledger of four logs, made without flying anything."""

import json
from pathlib import Path

from perigrid.base.jobs import Cause, StageName
from perigrid.base.messages import Compute, Computed, TimerRang, Verdict, Wait
from perigrid.base.withheld import simulated_salts
from perigrid.ledger.record import RecordWriter
from perigrid.ledger.seal import Signers, seal_record
from perigrid.ledger.side_store import SideStore

NODES = ("A", "B", "C")
PASSES = [(5.0, "A"), (5.5, "B"), (12.0, "A"), (12.0, "C")]
ALLOW = Verdict("allow", "default", "")
PINS = {
    "perigrid": "0.1.0",
    "architecture": "onboard",
    "start": "2026-10-01T00:00:00Z",
    "seed": 7,
    "observations": 15,
    "scheduler": "lookahead",
    "scenario": {"name": "small", "digest": "ab" * 32},
}
MANIFEST = {
    "perigrid": "0.1.0",
    "scenario": "small",
    "digest": "ab" * 32,
    "architecture": "onboard",
    "start": "2026-10-01T00:00:00Z",
    "hours": 1.0,
    "seed": 7,
    "scheduler": "lookahead",
    "models": {"detector": {"scenes": 4}},
    "assumed": [{"key": "a", "confidence": "assumed"}, {"key": "b", "confidence": "measured"}],
}
END_S = 20.0
T_UNIX_S = 1_790_812_820


def begin(folder: Path, **options) -> RecordWriter:
    """Open the record of a run folder."""
    record = RecordWriter(folder / "ledger", nodes=NODES, passes=PASSES, **options)
    record.pins(PINS)
    return record


def fly(record: RecordWriter, steps: int = 15, reason: str = "where the pixels are") -> None:
    """Record some steps: satellites compute in turn, the ground decides on what rang."""
    for k in range(steps):
        t_s, row = float(k), k % 3
        record.events(t_s, [Computed(t_s, k, row, StageName.SCREEN, 0.25)])
        record.actions(t_s, [(Compute(k, row, StageName.CLASSIFY, reason), ALLOW)])
        if k % 4 == 0:
            record.events(t_s, [TimerRang(t_s, k)])
            record.actions(t_s, [(Wait(k, t_s + 1.0, Cause.CONTACT, "later"), ALLOW)])


def write_run(folder: Path, *, seed: int = 7, steps: int = 15, **changes: str) -> Path:
    """Write a whole run folder."""
    folder.mkdir(parents=True)
    record = begin(folder)
    fly(record, steps, **changes)
    finish(folder, record, seed)
    return folder


def finish(folder: Path, record: RecordWriter, seed: int = 7) -> None:
    """Write the files of a run and seal it."""
    (folder / "jobs.parquet").write_bytes(b"PAR1 some rows PAR1")
    for name, content in {"manifest": MANIFEST, "summary": {"insights_delivered": 3}}.items():
        (folder / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")
    seal_record(record, folder, Signers.simulated(seed), END_S, T_UNIX_S)


def write_run_with_a_name(folder: Path) -> tuple[Path, str]:
    """Write a run whose first waiting reason is a person's, kept beside the record."""
    folder.mkdir(parents=True)
    record = begin(folder)
    store = SideStore(folder / "ledger", simulated_salts(7))
    held = store.put({"contact": "duty desk, second shift"})
    record._append(0.0, "events", "ground", {"events": [{"asked_by": held}]})
    fly(record)
    finish(folder, record)
    return folder, held["commitment"]
