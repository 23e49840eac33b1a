from dataclasses import replace

from perigrid.control.policy.request import MOVE, OPERATOR, Approver, Request, circumstances
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
