"""Write what `perigrid scenarios` lists: reading the whole library takes a second, this a moment.

python tools/index_library.py
"""

import json
from pathlib import Path

from perigrid.scenario import library
from perigrid.scenario.load import load_scenario

PLACE = Path(library.__file__).parent / library.INDEX


def index() -> list[dict]:
    """Name, title, and how much is assumed, of every scenario."""
    return [
        {
            "name": name,
            "title": scenario.title,
            "numbers": len(scenario.provenance),
            "assumed": [one.key for one in scenario.provenance if one.confidence == "assumed"],
        }
        for name in library.names()
        for scenario in [load_scenario(name)]
    ]


if __name__ == "__main__":
    PLACE.write_text(json.dumps(index(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{PLACE} written")
