import json
from pathlib import Path

import pytest

from governed import of_messages
from perigrid.ledger.leaf import FILE_NAME, GENESIS, HASH, PREVIOUS, write_line
from perigrid.ledger.source import open_source
from perigrid.sim.cores import Core, Cores
from perigrid.sim.replay import first_difference


def core_of(name: str) -> Core:
    return Cores().of(open_source(of_messages() / name))


def differs(ledger: Path, core: Core, name: str) -> int | None:
    architecture = core.scenario.architecture(name)
    return first_difference(ledger, core.scenario, core.fleet, core.outlook, architecture)


@pytest.mark.parametrize("name", ["onboard", "orbital"])
def test_replaying_the_events_gives_the_same_actions(name: str) -> None:
    assert differs(of_messages() / name / "ledger", core_of(name), name) is None


def test_a_forged_decision_is_found(tmp_path: Path) -> None:
    """Even with every hash made right again, the controller would not have decided so."""
    lines = (of_messages() / "onboard" / "ledger" / FILE_NAME).read_text().splitlines()
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
    assert differs(tmp_path, core_of("onboard"), "onboard") == forged
