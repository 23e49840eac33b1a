import json
from pathlib import Path

import pytest

from perigrid.sim.run import finite, write_json
from perigrid.sim.staging import MANIFEST


def test_json_has_no_not_a_number(tmp_path: Path) -> None:
    assert finite(float("nan")) is None
    assert finite(0.5) == 0.5
    with pytest.raises(ValueError, match="Out of range"):
        write_json(tmp_path / "x.json", {"a": float("nan")})


def test_the_manifest_reproduces_and_holds_no_clock_or_machine(
    comparison: tuple[dict, Path],
) -> None:
    manifest = json.loads((comparison[1] / "onboard" / MANIFEST).read_text())
    assert manifest["architecture"] == "onboard"
    assert manifest["seed"] == 1
    assert manifest["hours"] == 6.0
    assert len(manifest["nodes"]) > 100
    assert {place["role"] for place in manifest["places"]} == {
        "operator",
        "gateway",
        "data-centre",
    }
    assert str(Path.home()) not in json.dumps(manifest)
