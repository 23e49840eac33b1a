from perigrid.base.messages import Alternative
from perigrid.control.alternatives import SEVERAL, shortlist


def test_the_nearest_are_named_and_the_rest_counted_by_reason() -> None:
    times = [9.0, None, 3.0, 7.0, None, 5.0, 8.0]
    why = ["a", "b", "a", "a", "b", "a", "c"]
    found = [
        Alternative(node, t_s, word)
        for node, (t_s, word) in enumerate(zip(times, why, strict=True))
    ]
    told = shortlist(found, 3)
    assert [one.node for one in told] == [2, 5, 3, SEVERAL]
    assert told[-1] == Alternative(SEVERAL, None, "1 more: a; 2 more: b; 1 more: c")


def test_a_single_one_left_over_is_named() -> None:
    found = [Alternative(node, float(node), "later") for node in range(3)]
    assert shortlist(found, 2) == tuple(found)
    assert shortlist([]) == ()
