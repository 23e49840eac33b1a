import pytest

from perigrid.base.jobs import Job, Product
from perigrid.base.messages import (
    Captured,
    Compute,
    Computed,
    Move,
    Moved,
    StateReported,
    TimerRang,
)
from perigrid.ledger import merkle
from perigrid.ledger.logs import GROUND, NodeLogs

JOB = Job(3, 1, 0.0, 100.0, 1.0e8, 1.0e9, 0.1, 0.2, 0, 0)


@pytest.mark.parametrize(
    ("messages", "owner"),
    [
        ([Captured(0.0, JOB)], "B"),
        ([Computed(0.0, 3, 0, "screen", 0.1)], "A"),
        ([Compute(3, 1, "screen", "")], "B"),
        ([Move(3, Product.RAW, 0, 2, (), "")], "A"),
        ([Computed(0.0, 3, 0, "screen", 0.1), Moved(0.0, 4, 0, Product.RAW)], "A"),
        ([Computed(0.0, 3, 0, "screen", 0.1), Moved(0.0, 4, 1, Product.RAW)], GROUND),
        ([Moved(0.0, 4, 2, Product.RAW)], GROUND),
        ([TimerRang(0.0, 3)], GROUND),
        ([TimerRang(0.0, 3), Computed(0.0, 3, 0, "screen", 0.1)], GROUND),
        ([StateReported(0.0, (1.0,), (1.0,), (1.0,), (1.0,))], GROUND),
        ([], GROUND),
    ],
)
def test_a_record_is_the_satellites_that_it_concerns_alone(messages, owner):
    logs = NodeLogs(["A", "B"])
    assert logs.owner(messages) == owner


def test_states_are_given_once_until_a_log_grows():
    logs, leaves = NodeLogs(["A", "B"]), [merkle.leaf_hash(bytes([k])) for k in range(3)]
    logs.append("A", leaves[0])
    logs.append("A", leaves[1])
    states = logs.grown(["B", "A", "A"])
    assert states == {"A": {"size": 2, "root": merkle.root(leaves[:2]).hex()}}
    logs.anchor(states)
    assert logs.grown(["A"]) == {}
    logs.append("A", leaves[2])
    assert logs.grown(["A"])["A"]["size"] == 3
    assert (logs.size("A"), logs.size("B"), logs.names()) == (3, 0, ["A"])
    assert logs.root(GROUND) == merkle.EMPTY_ROOT
