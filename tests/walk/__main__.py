"""Walk the schema anew and write what was seen: ``python -m tests.walk``, some minutes."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.walk.missions import MISSIONS
from tests.walk.walk import REFUSED, REFUSED_SECTIONS, schema_places, walk

SEEN = Path(__file__).with_name("seen.json")


def main(names: list[str]) -> int:
    """Walk some missions, or all; keep what was seen before of other keys."""
    rows = json.loads(SEEN.read_text(encoding="utf-8")) if names else []
    seen = {tuple(row["place"]): row for row in rows}
    for one in walk({name: MISSIONS[name] for name in names or MISSIONS}):
        change = " and ".join(one.changes) or one.path
        sys.stdout.write(f"{one.mission}: {change}: {one.by or 'NOTHING'}\n")
        before = seen.get(one.place, {"by": ""})["by"]
        if one.by not in ("", REFUSED) or before in ("", REFUSED):
            seen[one.place] = dataclasses.asdict(one)
    _write([seen[place] for place in sorted(seen)])
    silent = [str(row) for row in seen.values() if not row["by"]]
    missing = sorted(map(str, schema_places() - REFUSED_SECTIONS - seen.keys()))
    said = ["without effect:", *silent, "in no mission:", *missing]
    sys.stdout.write("\n  ".join(said) + "\n")
    return int(bool(silent or missing))


def _write(rows: list[dict]) -> None:
    lines = ",\n".join(json.dumps(row) for row in rows)
    SEEN.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
