from dataclasses import replace

from perigrid.control.policy.request import (
    MOVE,
    OPERATOR,
    Approver,
    Request,
    circumstances,
    whole_cm,
)
from policy_cases import SCENE


def test_what_is_unknown_is_left_out() -> None:
    request = Request(MOVE, "n", replace(SCENE, level=None), principal=OPERATOR)
    written = request.to_cedar()
    assert written["principal"] == {"type": "Human", "id": "operator"}
    assert written["resource"] == {"type": "Node", "id": "n"}
    assert "level" not in written["context"]
    assert written["context"]["held_by"] == ["ada"]
    assert written["context"]["approver_count"] == 0


def test_one_person_in_two_roles_is_one_person() -> None:
    approvers = (Approver("a", "pilot"), Approver("a", "cook"), Approver("b", "cook"))
    now = circumstances(approvers, 7.9)
    assert (now.approver_count, now.approver_roles, now.now_s) == (2, ("cook", "pilot"), 7)


def test_equal_requests_are_one_key() -> None:
    assert len({Request(MOVE, "n", SCENE), Request(MOVE, "n", replace(SCENE))}) == 1


def test_pixels_are_never_told_coarser_than_they_are() -> None:
    told = [whole_cm(gsd_m) for gsd_m in (0.496, 0.5, 0.29, 10.0, 0.509)]
    assert told == [49, 50, 29, 1000, 50]
