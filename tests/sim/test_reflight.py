"""How a run that was flown again is compared; what is found stands in ``test_audit_replay``."""

import pytest

import personal_run
from governed import comparison
from perigrid.base.errors import RunFolderError
from perigrid.ledger.source import open_source
from perigrid.sim.audit_replay import replay
from perigrid.sim.cores import Cores, pins_of
from perigrid.sim.reflight import differences, stored_bank


@pytest.fixture(scope="module")
def run():
    return open_source(comparison()).inside("orbital")


def test_the_bank_is_the_pinned_one(run):
    pins = pins_of(run)
    assert len(stored_bank(run, pins)) == 4
    with pytest.raises(RunFolderError, match="not what the run was pinned to"):
        stored_bank(run, {**pins, "scenes": "0" * 64})
    with pytest.raises(RunFolderError, match=r"scenes\.json cannot be read"):
        stored_bank(run, {})


def test_nothing_differs_though_people_have_other_names(run):
    """The folder keeps people under pseudonyms; hashes stand for other words and are no sign."""
    pins = pins_of(run)
    assert differences(run, pins, Cores().world(run, pins)) == (None, [])


def test_nothing_differs_though_the_reason_of_an_order_is_not_in_the_folder(tmp_path):
    personal_run.study().run("orbital", tmp_path / "run")
    run = open_source(tmp_path / "run")
    assert replay(run, Cores()).doubts() == []
