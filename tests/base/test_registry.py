from pathlib import Path

import pytest

from perigrid.base.errors import ScenarioError
from perigrid.base.registry import SCHEDULERS, create, names, weighs_places
from perigrid.control.scheduling.fifo import Fifo
from plug_ins import install


def test_built_ins_register_through_entry_points() -> None:
    assert {"fifo", "lookahead"} <= set(names(SCHEDULERS))
    assert isinstance(create(SCHEDULERS, "fifo"), Fifo)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ScenarioError, match="lookahead"):
        create(SCHEDULERS, "clairvoyant")


@pytest.mark.parametrize("name", names(SCHEDULERS))
def test_only_those_that_look_elsewhere_weigh_places(name: str) -> None:
    assert weighs_places(create(SCHEDULERS, name)) == (name in {"lookahead", "price", "planner"})


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import no_such_package", "no_such_package"),
        ("", "has no attribute 'Mine'"),
        ("class Mine:\n    def __init__(self, speed): ...", "speed"),
    ],
)
def test_a_plug_in_that_cannot_be_loaded_is_named(
    code: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, SCHEDULERS, "mine", "Mine", code)
    with pytest.raises(ScenarioError, match=f"scheduler 'mine'.*cannot be loaded.*{said}"):
        create(SCHEDULERS, "mine")
