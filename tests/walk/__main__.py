"""Walk the schema anew and write what was seen: ``python -m tests.walk``, some minutes."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.walk.missions import MISSIONS
from tests.walk.walk import REFUSED_SECTIONS, schema_places, walk

SEEN = Path(__file__).with_name("seen.json")

if __name__ == "__main__":
    found = walk(MISSIONS)
    rows = [json.dumps(dataclasses.asdict(one)) for one in found]
    SEEN.write_text("[\n" + ",\n".join(rows) + "\n]\n", encoding="utf-8")
    silent = [one for one in found if not one.by]
    missing = sorted(schema_places() - REFUSED_SECTIONS - {one.place for one in found})
    said = ["without effect:", *map(str, silent), "in no mission:", *map(str, missing)]
    sys.stdout.write("\n  ".join(said) + "\n")
    sys.exit(bool(silent or missing))
