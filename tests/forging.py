"""A forger who has the keys: run folders changed at will, every hash and signature made right."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from perigrid.ledger.leaf import FILE_NAME, GENESIS, HASH, PREVIOUS, parse_line, write_line
from perigrid.ledger.merkle import CompactRange
from perigrid.ledger.note import Checkpoint, Note, cosign, sign
from perigrid.ledger.pins import origin
from perigrid.ledger.seal import Signers, file_digests

Bodies = list[dict[str, Any]]
Change = Callable[[Bodies], Bodies]


def forge(run: Path, change: Change = lambda bodies: bodies) -> Path:
    """Sign a run folder anew as it stands, after a change to the bodies of its records."""
    place = run / "ledger" / FILE_NAME
    entries = [json.loads(line) for line in place.read_bytes().splitlines()]
    bodies = [{k: v for k, v in one.items() if k not in {PREVIOUS, HASH}} for one in entries]
    bodies = change(bodies)
    if bodies[-1]["kind"] == "seal":
        bodies[-1]["files"] = file_digests(run)
    lines = chained(bodies)
    place.write_bytes(b"".join(lines))
    tree, first = CompactRange(), parse_line(lines[0][:-1])
    for line in lines:
        found = parse_line(line[:-1])
        if found.entry["log"] == "ground":
            tree.append(found.hashed)
    text = Checkpoint(origin(bodies[0]["pins"], first.stated), tree.size, tree.root()).text()
    signers = Signers.simulated(bodies[0]["pins"]["seed"])
    signatures = sign(text, signers.operator), cosign(text, signers.witness, 1_800_000_000)
    (run / "ledger" / "checkpoint").unlink(missing_ok=True)  # whatever stands there
    (run / "ledger" / "checkpoint").write_bytes(Note(text, signatures).encode())
    return run


def chained(bodies: Bodies) -> list[bytes]:
    """Write records with numbers, places in logs, anchors and hashes as they should be."""
    previous, lines, logs = GENESIS, [], {}
    for sequence, body in enumerate(bodies):
        tree = logs.setdefault(body["log"], CompactRange())
        if body["kind"] == "anchor":
            known = {log: logs[log] for log in body["logs"] if log in logs}
            states = {
                log: {"size": one.size, "root": one.root().hex()} for log, one in known.items()
            }
            body = {**body, "logs": states}
        line, hashed = write_line({**body, "sequence": sequence, "index": tree.size}, previous)
        previous = hashed.hex()
        tree.append(hashed)
        lines.append(line)
    return lines
