import json

from click.testing import CliRunner

from perigrid.base.digest import action_hash
from perigrid.base.jobs import StageName
from perigrid.base.messages import AskApproval, Compute
from perigrid.cli.main import main
from perigrid.live.asking import PeopleAtInbox
from perigrid.live.people import new_person

SCREEN = Compute(7, 0, StageName.SCREEN, "")
ASKED = AskApproval(7, "watch", SCREEN, action_hash(SCREEN), "seen", 10.0, 900.0, 2, ("pilot",))


def test_from_request_to_answer_and_stop(tmp_path):
    inbox, keys = str(tmp_path / "inbox"), str(tmp_path / "keys")
    people = PeopleAtInbox(tmp_path / "inbox", 1.0)
    for name in ("chief", "ops"):
        new_person(tmp_path / "keys", name, "pilot")
    people.ask(ASKED)
    people.heard(20.0)

    def run(*words: str):
        done = CliRunner().invoke(main, ["approvals", *words])
        assert done.exit_code == 0, done.stderr
        return done.stdout

    assert "0 of 2 (pilot)" in run("list", inbox)
    (listed,) = json.loads(run("list", inbox, "--json"))
    assert listed["subject_hash"] == ASKED.subject_hash
    assert "granted" not in run("show", inbox, "7-")
    assert run("grant", inbox, "7-", "--as", "chief", "--keys", keys).startswith("grant signed")
    assert len(json.loads(run("show", inbox, "7-", "--json"))["answers"]) == 1
    run("refuse", inbox, "7-", "--as", "ops", "--keys", keys)
    run("stop", inbox, "--as", "chief", "--keys", keys, "--hours", "1", "--node", "sso-0000")
    run("stop", inbox, "--as", "chief", "--keys", keys, "--lift")
    stop, lift, answered = people.heard(30.0)
    assert (stop.order.kind, stop.order.nodes, stop.order.expires_s) == (
        "stop", ("sso-0000",), 3620.0,
    )  # fmt: skip
    assert lift.order.kind == "resume"
    assert (answered.granted, len(answered.approvals)) == (False, 2)


def test_what_is_not_there_is_exit_2(tmp_path):
    done = CliRunner().invoke(main, ["approvals", "list", str(tmp_path / "none")])
    assert (done.exit_code, "no inbox" in done.stderr) == (2, True)
