import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from perigrid.base.digest import action_hash
from perigrid.base.messages import AskApproval, Compute
from perigrid.cli.main import main
from perigrid.live.asking import PeopleAtInbox
from perigrid.live.notices import run_name
from perigrid.live.people import new_person, read_people, roster_from

SCREEN = Compute(7, 0, "screen", "")
ASKED = AskApproval(7, "watch", SCREEN, action_hash(SCREEN), "seen", 10.0, 900.0, 2, ("pilot",))


def test_from_request_to_answer_and_stop(tmp_path):
    inbox, keys = str(tmp_path / "inbox"), str(tmp_path / "keys")
    people = PeopleAtInbox(tmp_path / "inbox", 1.0)
    for name in ("chief", "ops"):
        new_person(tmp_path / "keys", name, "pilot")
    people.begin({}, (), roster_from(read_people(tmp_path / "keys")))
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
    run(
        "stop",
        inbox,
        "--as",
        "chief",
        "--keys",
        keys,
        "--hours",
        "1",
        "--node",
        "sso-0000",
        "--reason",
        "drill",
    )
    run("stop", inbox, "--as", "chief", "--keys", keys, "--lift")
    kept = [one.read_text() for one in Path(inbox).rglob("*") if one.is_file()]
    assert sum("drill" in text for text in kept) == 1  # the reason lies beside the signed order
    stop, lift, answered = people.heard(30.0)
    assert (stop.order.kind, stop.order.nodes, stop.order.expires_s) == (
        "stop", ("sso-0000",), 3620.0,
    )  # fmt: skip
    assert lift.order.kind == "resume"
    assert (answered.granted, len(answered.approvals)) == (False, 2)


def test_what_is_not_there_is_exit_2(tmp_path):
    done = CliRunner().invoke(main, ["approvals", "list", str(tmp_path / "none")])
    assert (done.exit_code, "no inbox" in done.stderr) == (2, True)
    assert "--inbox" not in done.stderr  # no command has that flag


@pytest.fixture
def asked(tmp_path):
    people = PeopleAtInbox(tmp_path / "inbox", 1.0)
    for name, role in (("chief", "pilot"), ("ops", "pilot"), ("cook", "kitchen")):
        new_person(tmp_path / "keys", name, role)
    people.ask(ASKED)
    people.heard(20.0)

    def call(word: str, *words: str):
        signs = () if word in {"list", "show"} else ("--keys", str(tmp_path / "keys"))
        line = ["approvals", word, str(tmp_path / "inbox"), *words, *signs]
        return CliRunner().invoke(main, line)

    return call


def test_nodes_are_shown_by_name_and_no_other_is_stopped(tmp_path):
    people = PeopleAtInbox(tmp_path / "inbox", 1.0)
    new_person(tmp_path / "keys", "chief", "pilot")
    names = ("Alpha", "Bravo")
    people.begin({"run": run_name("r", names)}, names, roster_from(read_people(tmp_path / "keys")))
    people.ask(ASKED)
    people.heard(20.0)

    def call(word: str, *words: str):
        return CliRunner().invoke(main, ["approvals", word, str(tmp_path / "inbox"), *words])

    assert "screen job 7 on Alpha" in call("list").stdout
    assert "screen job 7 on Alpha" in call("show", "7-").stdout
    signs = ("--as", "chief", "--keys", str(tmp_path / "keys"))
    misspelt = call("stop", "--node", "Alfa", *signs)
    assert misspelt.exit_code == 2
    assert "no node is called 'Alfa'" in misspelt.stderr
    assert "did you mean 'Alpha'?" in misspelt.stderr
    assert people.heard(30.0) == []
    assert call("stop", "--node", "Alpha", *signs).exit_code == 0
    (stopped,) = people.heard(40.0)
    assert stopped.order.nodes == ("Alpha",)
    (tmp_path / "inbox" / "nodes.json").write_text('["Bravo","Alpha"]')
    assert "screen job 7 on #0" in call("list").stdout
    assert "Bravo" not in call("show", "7-").stdout


def test_a_role_that_is_not_wanted_signs_nothing(asked):
    for word in ("grant", "refuse"):
        done = asked(word, "7-", "--as", "cook")
        assert done.exit_code == 2
        assert "kitchen" in done.stderr
        assert "pilot" in done.stderr
    assert json.loads(asked("show", "7-", "--json").stdout)["answers"] == []


def test_a_refusal_is_not_counted_as_a_grant(asked):
    assert asked("grant", "7-", "--as", "chief").exit_code == 0
    assert asked("refuse", "7-", "--as", "ops").exit_code == 0
    assert "1 of 2 (pilot), 1 refused" in asked("list").stdout


def test_a_request_is_shown_in_words(asked):
    asked("grant", "7-", "--as", "chief")
    shown = asked("show", "7-").stdout
    assert "screen job 7" in shown
    assert "screen job 7" in asked("list").stdout
    assert "grant by pilot" in shown
    assert ASKED.subject_hash in shown
    assert not set("<{[") & set(shown)  # no Python in it


def test_what_was_signed_is_told_as_json(asked):
    granted = asked("grant", "7-", "--as", "chief", "--json", "-q")
    assert granted.exit_code == 0, granted.stderr
    document = json.loads(granted.stdout)
    assert (document["answer"], document["role"]) == ("grant", "pilot")
    assert document["request"].startswith("7-")
    stopped = json.loads(asked("stop", "--as", "chief", "--json", "-q").stdout)
    assert (stopped["kind"], stopped["issued_s"]) == ("stop", 20.0)
    assert "ordered at the console" not in json.dumps(stopped)


def test_an_inbox_without_requests_says_so(tmp_path):
    PeopleAtInbox(tmp_path / "inbox", 1.0)
    done = CliRunner().invoke(main, ["approvals", "list", str(tmp_path / "inbox")])
    assert (done.exit_code, done.stdout) == (0, "")
    assert "nothing is asked" in done.stderr
