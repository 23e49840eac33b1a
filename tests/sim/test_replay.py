import json
from pathlib import Path

import pytest

from perigrid.base.architecture import COMPARED, ONBOARD, Architecture
from perigrid.ledger.leaf import FILE_NAME, GENESIS, HASH, PREVIOUS, write_line
from perigrid.sim.replay import first_difference
from perigrid.sim.run import simulate
from perigrid.sim.world import World


@pytest.mark.usefixtures("in_python")
@pytest.mark.parametrize("architecture", list(COMPARED))
def test_replaying_the_events_gives_the_same_actions(
    world: World, architecture: Architecture, tmp_path: Path
) -> None:
    simulate(world, architecture, tmp_path)
    ledger = tmp_path / "ledger"
    assert (
        first_difference(ledger, world.scenario, world.fleet, world.outlook, architecture) is None
    )


@pytest.mark.usefixtures("in_python")
def test_a_forged_decision_is_found(world: World, tmp_path: Path) -> None:
    """Even with every hash made right again, the controller would not have decided so."""
    (tmp_path / "run").mkdir()
    simulate(world, ONBOARD, tmp_path / "run")
    lines = (tmp_path / "run" / "ledger" / FILE_NAME).read_text().splitlines()
    previous, out, forged = GENESIS, [], -1
    for line in lines:
        entry = json.loads(line)
        body = {key: value for key, value in entry.items() if key not in {PREVIOUS, HASH}}
        if forged < 0 and body["kind"] == "actions" and body["sequence"] > 40:
            forged = body["sequence"]
            body["decisions"][0]["action"]["reason"] = "because I say so"
        written, hashed = write_line(body, previous)
        previous = hashed.hex()
        out.append(written)
    (tmp_path / FILE_NAME).write_bytes(b"".join(out))
    found = first_difference(tmp_path, world.scenario, world.fleet, world.outlook, ONBOARD)
    assert found == forged
