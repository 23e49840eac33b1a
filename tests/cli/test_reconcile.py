import json

import pytest
from click.testing import CliRunner

from perigrid.base.grant_papers import sign_grant
from perigrid.base.grants import CapabilityGrant
from perigrid.base.signing import SigningKey
from perigrid.cli.main import main
from perigrid.ledger.receipts import KEYS, write_logs

KEY = SigningKey("south", b"s" * 32)


@pytest.mark.parametrize(("trusted", "code"), [(KEY, 0), (SigningKey("other", b"o" * 32), 1)])
def test_exit_code_says_whether_the_logs_agree(tmp_path, trusted, code):
    grant = sign_grant(
        CapabilityGrant("g", "South", "North", "", 9.0, 0.0, 1.0, (), (), False, "n"), KEY
    )
    folder = tmp_path / "receipts"
    write_logs(folder, [grant], [], [trusted.verify_key])
    words = ["audit", "reconcile", str(folder / "North.jsonl"), str(folder / "South.jsonl")]
    done = CliRunner().invoke(main, [*words, "--keys", str(folder / KEYS)])
    assert done.exit_code == code, done.output
    told = CliRunner().invoke(main, [*words, "--keys", str(folder / KEYS), "--json"])
    assert json.loads(told.stdout)["ok"] is (code == 0)


def test_a_missing_log_is_exit_2(tmp_path):
    (tmp_path / KEYS).write_text(KEY.verify_key.encode() + "\n")
    words = ["audit", "reconcile", "a", "b", "--keys", str(tmp_path / KEYS)]
    assert CliRunner().invoke(main, words).exit_code == 2


def test_one_log_twice_is_refused(tmp_path):
    write_logs(tmp_path / "receipts", [], [], [KEY.verify_key])
    log, keys = tmp_path / "log.jsonl", tmp_path / "receipts" / KEYS
    log.write_text("")
    done = CliRunner().invoke(
        main, ["audit", "reconcile", str(log), f"{tmp_path}/./log.jsonl", "--keys", str(keys)]
    )
    assert done.exit_code == 2
    assert "the same file" in done.stderr
