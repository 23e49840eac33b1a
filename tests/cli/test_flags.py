"""No flag does nothing: each has a test of its own, and those that commands share reach all."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from perigrid.base.digest import action_hash
from perigrid.base.grant_papers import sign_grant
from perigrid.base.grants import CapabilityGrant
from perigrid.base.messages import AskApproval, Compute
from perigrid.base.signing import SigningKey
from perigrid.cli.main import main
from perigrid.ledger.receipts import KEYS, write_logs
from perigrid.live.asking import PeopleAtInbox
from perigrid.live.people import new_person, read_people, roster_from
from perigrid.sim.data_catalogue import CATALOGUE
from scenario_inputs import ISS_1, ISS_2
from tests.cli.conftest import call
from tests.walk.texts import PLAIN, RELAYED

SCREEN = Compute(7, 0, "screen", "")
ASKED = AskApproval(7, "watch", SCREEN, action_hash(SCREEN), "seen", 10.0, 900.0, 2, ("pilot",))
SHORT = RELAYED.replace("hours: 1", "hours: 0.3")
MESH = "altitude_km: 2000, inclination_deg: 80}}\n    laser: {max_range_km: 12000}"
OLD = re.sub("walker: .*", f'element_sets: {{tle: "{ISS_1}\\\\n{ISS_2}"}}', PLAIN)
MESHED = SHORT.replace("altitude_km: 700, inclination_deg: 80}}", MESH)
RULES = """\
rules: [{id: stay, effect: deny, action: move, product: raw, to_country: ES, reason: not there}]
"""
ION = "1 1 ''\n@ 2026/08/22-00:00:00\na contact +0 +900 1 2 100000\na range +0 +900 1 2 1\n"
QUIET = "--quiet"  # also where there is nothing to keep quiet about, so that it always fits
SHARED = ("--hours", "--step", "--seed", "--set", "--json", QUIET)
WRONG = {"--hours": "9000", "--step": "9000", "--seed": str(2**53), "--set": "nonsense=1"}


def commands(group=main, path=()):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


def options(command):
    return [one for one in command.params if isinstance(one, click.Option)]


READERS = [
    (path, command)
    for path, command in commands()
    if {"--hours", "--seed"} <= {opt for one in options(command) for opt in one.opts}
    and any(isinstance(one, click.Argument) for one in command.params)
    and path[0] != "approvals"
]
NEEDED = {
    ("policy", "ask"): ("--action", "process", "--node", "x"),
    ("routes",): ("--from", "x", "--to", "y"),
}


# Command lines of each command, the first without the option, the second with it or another value
# of it. What each says, how it ends and what it leaves in the working folder must differ.
ASK = "policy ask {ruled} --node Madrid --action move"
SIGN = "approvals stop {inbox} --keys {keys}"
STOP = f"{SIGN} --as chief"
AGREE = "audit reconcile {logs}/North.jsonl {logs}/South.jsonl"
PLAN = "contacts --from-ion {ion} --source 1"
FLAGS = {
    "init --template": ("init x", "init x --template starlink-relay"),
    "check --stale": ("check {stale}", "check {stale} --stale"),
    "policy ask --action": (ASK, "policy ask {ruled} --node Madrid --action process"),
    "policy ask --node": (ASK, "policy ask {ruled} --node Perth --action move"),
    "policy ask --fact": (ASK, f"{ASK} --fact level=derived"),
    "policy ask --by-person": (
        "policy ask {arms} --node fleet-0001 --action process",
        "policy ask {arms} --node fleet-0001 --action process --by-person",
    ),
    "plan --out": ("plan {mission}", "plan {mission} -o x.svg"),
    "routes --from": (
        "routes {mission} --from Perth --to Madrid",
        "routes {mission} --from shell-0000 --to Madrid",
    ),
    "routes --to": (
        "routes {mission} --from Perth --to Madrid",
        "routes {mission} --from Perth --to shell-0000",
    ),
    "routes --disjoint": (
        "routes {mission} --from shell-0000 --to shell-0001",
        "routes {mission} --from shell-0000 --to shell-0001 --disjoint 1",
    ),
    "contacts --ion": ("contacts {mission}", "contacts {mission} --ion x"),
    "contacts --decimals": (
        "contacts {mission} --ion x",
        "contacts {mission} --ion x --decimals",
    ),
    "contacts --csv": ("contacts {mission}", "contacts {mission} --csv x"),
    "contacts --access": ("contacts {mission}", "contacts {mission} --access"),
    "contacts --from-ion": ("contacts", "contacts --from-ion {ion}"),
    "contacts --source": ("contacts --from-ion {ion}", PLAN),
    "contacts --bytes": (PLAN, f"{PLAN} --bytes 9e9"),
    "contacts --ready": (PLAN, f"{PLAN} --ready 500"),
    "run --arch": ("run {mission} --arch onboard", "run {mission} --arch bent-pipe"),
    "run --out": ("run {mission} --arch onboard", "run {mission} --arch onboard -o x"),
    "compare --arch": (
        "compare {mission} -o x --arch onboard",
        "compare {mission} -o x --arch bent-pipe",
    ),
    "fly --arch": ("fly {flight} -o x", "fly {flight} -o x --arch bent-pipe"),
    "fly --jobs": ("fly {flight} -o x", "fly {flight} -o x --jobs 7"),
    "fly --out": ("fly {flight}", "fly {flight} -o x"),
    "explain --arch": ("explain {both} 0", "explain {both} 0 --arch onboard"),
    "audit show --job": ("audit show {run}", "audit show {run} --job 0"),
    "audit show --arch": ("audit show {both} 5.9", "audit show {both} 5.9 --arch onboard"),
    "audit show --record-only": ("audit show {run} 5.9", "audit show {run} 5.9 --record-only"),
    "audit show --scenario": (
        "audit show {run} 5.9",
        "audit show {run} 5.9 --scenario {mission}",
    ),
    "audit show --set": ("audit show {run} 5.9", "audit show {run} 5.9 --set seed=2"),
    "audit verify --keys": ("audit verify {run}", "audit verify {run} --keys {trusted}"),
    "audit verify --since": ("audit verify {run}", "audit verify {run} --since {mission}"),
    "audit verify --replay": ("audit verify {run}", "audit verify {run} --replay"),
    "audit verify --scenario": (
        "audit verify {run} --replay",
        "audit verify {run} --replay --scenario {mission}",
    ),
    "audit verify --set": (
        "audit verify {run} --replay",
        "audit verify {run} --replay --set seed=2",
    ),
    "audit export --out": ("audit export {run}", "audit export {run} -o x.tar"),
    "audit keygen --out": ("audit keygen a", "audit keygen a -o x"),
    "audit sign --key": ("audit sign {run}", "audit sign {run} --key {mission}"),
    "audit reconcile --keys": (f"{AGREE} --keys {{trusted}}", f"{AGREE} --keys {{logs}}/keys"),
    "keys new --role": ("keys new ada", "keys new ada --role pilot"),
    "keys list --folder": ("keys list", "keys list --folder {keys}"),
    "approvals grant --as": ("approvals grant {inbox} 7- --keys {keys}",
                             "approvals grant {inbox} 7- --keys {keys} --as chief"),
    "approvals grant --keys": ("approvals grant {inbox} 7- --as ops",
                               "approvals grant {inbox} 7- --as ops --keys {keys}"),
    "approvals refuse --as": ("approvals refuse {inbox} 7- --keys {keys}",
                              "approvals refuse {inbox} 7- --keys {keys} --as chief"),
    "approvals refuse --keys": ("approvals refuse {inbox} 7- --as ops",
                                "approvals refuse {inbox} 7- --as ops --keys {keys}"),
    "approvals stop --as": (SIGN, STOP),
    "approvals stop --keys": ("approvals stop {inbox} --as chief", STOP),
    "approvals stop --hours": (STOP, f"{STOP} --hours -1"),
    "approvals stop --lift": (STOP, f"{STOP} --lift"),
    "report --out": ("report {both}", "report {both} -o x.html"),
    "data status --cache": ("data status", "data status --cache {data}"),
    "data verify --cache": ("data verify", "data verify --cache {data}"),
}  # fmt: skip
# What takes a server, a person or an hour to show: the file of the test that does.
ELSEWHERE = {
    "serve --port": "test_serve.py",
    "data fetch --cache": "test_data.py",
    "data install --cache": "test_data.py",
    "approvals stop --node": "test_approvals.py",
    "approvals stop --reason": "test_approvals.py",
    "audit erase --yes": "test_audit_personal.py",
    "audit keygen --witness": "test_audit.py",
    "audit sign --memory": "test_audit.py",
    "keys new --folder": "test_keys.py",
    "compare --rules": "test_audit_decisions.py",
    "compare --out": "test_compare.py",
    "compare --resume": "test_fly.py",
    "run --resume": "test_fly.py",
    "fly --resume": "test_fly.py",
    "run --jobs": "test_run.py",
}


# What each command says is the same in JSON, and nothing but results is said if asked to be quiet.
SPOKEN = (
    "init x", "scenarios", "check {flight}", "policy show {mission}", "plan {mission}",
    "policy ask {ruled} --node Perth --action move",
    "routes {mission} --from Perth --to Madrid", "contacts {mission} --csv x",
    "run {mission} -o x --arch onboard", "fly {flight} -o x", "explain {run} 0",
    "audit show {run} 5.9 --record-only", "audit diff {run} {run}", "audit verify {run}",
    "audit export {run} -o x", "audit keygen a -o x", f"{AGREE} --keys {{logs}}/keys",
    "keys new ada --role pilot", "keys list --folder {keys}", "approvals list {inbox}",
    "approvals show {inbox} 7-", "approvals grant {inbox} 7- --as chief --keys {keys}",
    "approvals refuse {inbox} 7- --as ops --keys {keys}", STOP, "data status", "data verify",
)  # fmt: skip
SPOKEN_ELSEWHERE = {
    "compare": "conftest.py",
    "report": "test_report.py",
    "audit erase": "test_audit_personal.py",
    "audit sign": "test_audit.py",
    "validate": "test_validate.py",
    "bench": "test_bench.py",
    "data fetch": "../sim/test_data_cache.py",
    "data install": "../sim/test_data_cache.py",
}


def test_every_option_of_every_command_is_shown():
    own = {
        f"{' '.join(path)} {option.opts[-1]}"
        for path, command in commands()
        for option in options(command)
        if option.opts[-1] not in ("--json", QUIET)
        and not ((path, command) in READERS and option.opts[-1] in (*SHARED, "--stale"))
    }
    assert own | {"check --stale"} == FLAGS.keys() | ELSEWHERE.keys()
    for line, file in ELSEWHERE.items():
        test = Path(__file__).with_name(file).read_text(encoding="utf-8")
        assert f'"{line.split()[-1].replace("--out", "-o")}"' in test


def test_every_command_with_json_is_heard():
    there = {
        " ".join(path)
        for path, command in commands()
        for option in options(command)
        if "--json" in option.opts
    }
    heard = {path for path in there for line in SPOKEN if f"{line} ".startswith(f"{path} ")}
    assert there - heard == SPOKEN_ELSEWHERE.keys()


@pytest.fixture(scope="module")
def places(comparison, tmp_path_factory):
    folder = tmp_path_factory.mktemp("flags")
    texts = {
        "mission": MESHED,
        "ruled": RELAYED + RULES,
        "stale": OLD,
        "arms": RELAYED + "handling: {customer: weapon-adjacent}\n",
        "flight": PLAIN.replace("hours: 1", "hours: 0.3\njobs: {count: 40}"),
        "trusted": SigningKey("other", bytes(32)).verify_key.encode() + "\n",
        "ion": ION,
    }
    found = {name: folder / f"{name}.yaml" for name in texts}
    for name, text in texts.items():
        found[name].write_text(text, encoding="utf-8")
    (folder / "data").mkdir()
    (folder / "data" / CATALOGUE[0].file_name).write_bytes(b"not it")
    people = PeopleAtInbox(folder / "inbox", 1.0)
    for name in ("chief", "ops"):
        new_person(folder / "keys", name, "pilot")
    people.begin({}, (), roster_from(read_people(folder / "keys")))
    people.ask(ASKED)
    people.heard(20.0)
    paper = CapabilityGrant("g", "South", "North", "", 9.0, 0.0, 1.0, (), (), False, "n")
    key = SigningKey("south", bytes(32))
    write_logs(folder / "logs", [sign_grant(paper, key)], [], [key.verify_key])
    (folder / "logs" / KEYS).rename(folder / "logs" / "keys")
    more = {name: folder / name for name in ("data", "inbox", "keys", "logs")}
    # No data were fetched; what the detector says of a scene is kept from command to command.
    more["masks"] = folder / "nothing fetched"
    return found | more | {"run": comparison / "onboard", "both": comparison}


class Outcome(NamedTuple):
    """How a command ends, what it says, and which files it leaves in the working folder."""

    code: int
    stdout: str
    stderr: str
    files: tuple[str, ...]


def outcome(line, places, tmp_path, monkeypatch):
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PERIGRID_CACHE", str(places["masks"]))
    inbox = shutil.copytree(places["inbox"], tmp_path / "inboxes" / folder.name)
    words = line.format(**places | {"inbox": inbox}).split()
    result = call(*words)
    left = (one for one in folder.rglob("*") if one.is_file())
    files = tuple(sorted(f"{one.name} {one.stat().st_size}" for one in left))
    return Outcome(result.exit_code, result.stdout, result.stderr, files)


@pytest.mark.parametrize("flag", FLAGS)
def test_an_option_changes_what_comes_of_a_command(places, tmp_path, monkeypatch, flag):
    said = [outcome(line, places, tmp_path, monkeypatch) for line in FLAGS[flag]]
    assert said[0] != said[1]


@pytest.mark.parametrize("line", SPOKEN)
def test_a_command_speaks_json_and_is_quiet_if_asked(places, tmp_path, monkeypatch, line):
    plain, told, quiet = (
        outcome(f"{line}{more}", places, tmp_path, monkeypatch) for more in ("", " --json", " -q")
    )
    assert plain.code == told.code == quiet.code == 0
    json.loads(told.stdout)
    with pytest.raises(ValueError, match=r"Expecting|Extra data"):
        json.loads(plain.stdout)
    assert quiet.stderr == ""


@pytest.mark.parametrize("flag", WRONG)
@pytest.mark.parametrize(("path", "command"), READERS, ids=lambda one: str(one))
def test_what_changes_a_scenario_reaches_every_command(tmp_path, path, command, flag):
    place = tmp_path / "small.yaml"
    place.write_text(RELAYED, encoding="utf-8")
    result = call(*path, place, *NEEDED.get(path, ()), flag, WRONG[flag])
    assert result.exit_code == 2
    assert flag == "--set" or "--set" in result.stderr  # they are overrides themselves
    assert "error: " in result.stderr
