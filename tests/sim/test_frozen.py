"""What a state may be made of."""

import pytest

from perigrid.base.jobs import Cause
from perigrid.base.messages import Captured
from perigrid.control.stop_reach import Reach
from perigrid.fleet.storage import Storage
from perigrid.sim.frozen import Catalogue, FrozenError, attributes, slots_of


@pytest.mark.parametrize("cls", [Cause, Captured, Storage, Reach])
def test_classes_of_values_are_known(cls: type) -> None:
    assert Catalogue().find(cls.__module__, cls.__qualname__) is cls


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "system"),
        ("builtins", "eval"),
        ("pathlib", "PosixPath"),
        ("perigrid.ledger.record", "RecordWriter"),
        ("perigrid.sim.storm", "StormRun"),
        ("perigrid.fleet.storage", "Storage.take"),
        ("perigrid.fleet.storage", "np"),
        ("perigrid.base.codec", "json"),
        ("perigrid.base.registry", "create"),
        ("perigrid.no.such", "Thing"),
        ("antigravity", "Anything"),
    ],
)
def test_names_that_lead_elsewhere_are_refused(module: str, name: str) -> None:
    with pytest.raises(FrozenError, match="does not belong"):
        Catalogue().find(module, name)


def test_the_scheduler_in_use_is_known_whoever_wrote_it() -> None:
    class Theirs:
        pass

    assert Catalogue(scheduler=Theirs).holds(Theirs)
    assert Catalogue(scheduler=Theirs).find(Theirs.__module__, Theirs.__qualname__) is Theirs
    assert not Catalogue().holds(Theirs)


def test_attributes_are_found_in_slots_and_dictionaries() -> None:
    saved = Reach(3, 1.5, "linked")
    assert attributes(saved) == {"row": 3, "latency_s": 1.5, "state": "linked"}
    assert slots_of(Reach) == tuple(attributes(saved))
    assert attributes(Storage(1.0, None)) == vars(Storage(1.0, None))
