import json

from click.testing import CliRunner

from perigrid.base.signing import VerifyKey
from perigrid.cli.main import main


def run(*words: str):
    return CliRunner().invoke(main, words)


def test_new_and_list(tmp_path):
    folder = str(tmp_path / "keys")
    done = run("keys", "new", "chief", "--role", "pilot", "--folder", folder, "--json")
    public = json.loads(done.stdout)["public"]
    assert public.startswith("chief+")
    listed = json.loads(run("keys", "list", "--folder", folder, "--json").stdout)
    key = VerifyKey.parse(public).signer_id
    assert listed == [{"name": "chief", "role": "pilot", "key": key, "public": public}]
    assert key in run("keys", "list", "--folder", folder).stdout
    again = run("keys", "new", "chief", "--role", "pilot", "--folder", folder)
    assert again.exit_code == 2
    assert "never overwritten" in again.stderr
    assert run("keys", "new", "ops", "--role", "pilot", "--folder", folder).exit_code == 0
