import pytest

from perigrid.report.alternatives import lost_to

NAMES = ("A", "B", "Sanya")


def told(*alternatives, arrives_s=None):
    return lost_to({"alternatives": list(alternatives)}, NAMES.__getitem__, arrives_s)


def test_a_later_way_is_told_by_how_much():
    one = {"node": 2, "t_answer_s": 700.0, "why": "later"}
    (lost,) = told(one, arrives_s=640.0)
    assert lost.words == "Sanya: 1 min later"
    assert lost.to_dict() == {
        "place": "Sanya", "t_answer_s": 700.0, "later_s": 60.0, "why": "later"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("t_answer_s", "arrives_s", "words"),
    [
        (None, 640.0, "B: no room for the pixels"),
        (700.0, None, "B: no room for the pixels (answer 11 min 40 s after the start of the run)"),
        (620.0, 640.0, "B: no room for the pixels (20 s sooner)"),
    ],
)
def test_what_is_not_known_is_not_said(t_answer_s, arrives_s, words):
    one = {"node": 1, "t_answer_s": t_answer_s, "why": "no room for the pixels"}
    assert told(one, arrives_s=arrives_s)[0].words == words


def test_several_told_together_have_no_place():
    (lost,) = told({"node": -1, "t_answer_s": None, "why": "3 more: later"})
    assert lost.words == "3 more: later"
    assert lost.to_dict()["place"] is None


def test_records_without_alternatives_have_none():
    assert lost_to({}, NAMES.__getitem__) == ()
