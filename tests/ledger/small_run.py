"""A small run folder with a ledger of four logs, made without flying anything."""

import json
from pathlib import Path

from perigrid.base.jobs import Cause
from perigrid.base.messages import Compute, Computed, TimerRang, Verdict, Wait
from perigrid.base.withheld import simulated_salts
from perigrid.ledger.comparison import Compared, seal_folder
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


def begin(folder: Path, pins=PINS, **options) -> RecordWriter:
    """Open the record of a run folder."""
    record = RecordWriter(folder / "ledger", nodes=NODES, passes=PASSES, **options)
    record.pins(pins)
    return record


def fly(record: RecordWriter, steps: int = 15, reason: str = "where the pixels are") -> None:
    """Record some steps: satellites compute in turn, the ground decides on what rang."""
    for k in range(steps):
        t_s, row = float(k), k % 3
        record.events(t_s, [Computed(t_s, k, row, "screen", 0.25)])
        record.actions(t_s, [(Compute(k, row, "classify", reason), ALLOW)])
        if k % 4 == 0:
            record.events(t_s, [TimerRang(t_s, k)])
            record.actions(t_s, [(Wait(k, t_s + 1.0, Cause.CONTACT, "later"), ALLOW)])


def write_run(
    folder: Path, *, seed: int = 7, steps: int = 15, part: Compared | None = None, **changes: str
) -> Path:
    """Write a whole run folder, of a comparison if its part is named."""
    folder.mkdir(parents=True)
    own = {"seed": seed}
    if part is not None:
        own |= {**part.pins(), "architecture": part.folder.split("/")[-1]}
    record = begin(folder, PINS | own)
    fly(record, steps, **changes)
    finish(folder, record, seed, record.pinned["architecture"])
    return folder


def finish(
    folder: Path, record: RecordWriter, seed: int = 7, architecture: str = "onboard"
) -> None:
    """Write the files of a run and seal it."""
    (folder / "jobs.parquet").write_bytes(b"PAR1 some rows PAR1")
    manifest = MANIFEST | {"seed": seed, "architecture": architecture}
    for name, content in {"manifest": manifest, "summary": {"insights_delivered": 3}}.items():
        write_json(folder / f"{name}.json", content)
    seal_record(record, folder, Signers.simulated(seed), END_S, T_UNIX_S)


def write_json(place: Path, content: object) -> None:
    """Write JSON as a run does."""
    place.write_text(json.dumps(content, indent=1) + "\n")


def write_comparison(folder: Path, part: Compared, *, seed: int = 7) -> Path:
    """Write a comparison that is signed as a whole, with a report and, if flown, without rules."""
    runs = list(part.architectures)
    for name in runs:
        write_run(folder / name, seed=seed, part=part.inside(name))
    inner = [*runs]
    if part.both and not part.folder:
        write_comparison(folder / "without-rules", part.inside("without-rules"), seed=seed)
        inner.append("without-rules")
    comparison = {
        "scenario": "small",
        "hours": 1.0,
        "seed": seed,
        "architectures": {name: {"insights_delivered": 3} for name in runs},
        "observations": 15,
        "detector": {"scenes": 4},
        "assumed": [{"key": "a", "confidence": "assumed"}],
        "governance": {"lost": 2},
    }
    write_json(folder / "comparison.json", comparison)
    manifest = MANIFEST | {"seed": seed, "architecture": "compare"}
    write_json(folder / "manifest.json", manifest)
    (folder / "report.html").write_text("<p>two of three insights</p>")
    reseal(folder, part, inner, seed)
    return folder


def reseal(folder: Path, part: Compared, inner: list[str], seed: int = 7) -> None:
    """Sign a comparison's folder as it stands."""
    pins = PINS | {"seed": seed, "architecture": "compare", **part.pins()}
    seal_folder(folder, pins, inner, Signers.simulated(seed), END_S, T_UNIX_S)


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
