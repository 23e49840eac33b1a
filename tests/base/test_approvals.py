import math

import pytest

from perigrid.base.approvals import Box

NAN = float("nan")


@pytest.mark.parametrize(
    ("box", "place", "inside"),
    [
        (Box(0.0, 0.0, 1.0, 1.0), (0.5, 0.5), True),
        (Box(0.0, 0.0, 1.0, 1.0), (1.0, 0.0), True),
        (Box(0.0, 0.0, 1.0, 1.0), (1.1, 0.5), False),
        (Box(0.0, 0.0, 1.0, 1.0), (0.5, -0.1), False),
        (Box(0.0, 3.0, 1.0, -3.0), (0.5, math.pi), True),
        (Box(0.0, 3.0, 1.0, -3.0), (0.5, -3.1), True),
        (Box(0.0, 3.0, 1.0, -3.0), (0.5, 0.0), False),
        (Box(0.0, 0.0, 1.0, 1.0), (NAN, 0.5), False),
        (Box(0.0, 0.0, 1.0, 1.0), (0.5, NAN), False),
    ],
)
def test_a_box_holds_its_edges_and_crosses_the_antimeridian(box, place, inside):
    assert box.holds(*place) is inside
