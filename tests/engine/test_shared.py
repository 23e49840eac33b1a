"""A reference to a world: what is done through it is done to the arrays themselves."""

from perigrid.base.architecture import RELAY
from perigrid.engine.shared import shared
from perigrid.physics.compiled import kernel
from tests.engine.plain import built


@kernel
def touch(w):
    """Change a count, a cell and the log through a reference."""
    it = shared(w)
    it.counts[2] += 7
    it.jobs[1].space_j = 3.5
    it.log.filled[3] += 1


def test_arrays_are_shared(world):
    w = built(world, RELAY)
    touch(w)
    touch(w)
    assert w.counts[2] == 14
    assert w.jobs[1]["space_j"] == 3.5
    assert w.log.filled[3] == 2
