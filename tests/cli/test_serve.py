"""``perigrid serve``."""

import re
import signal
import subprocess
import sys
import urllib.request

from tests.cli.conftest import call


def test_a_finished_run_is_served_until_interrupted(comparison):
    code = "from perigrid.cli.main import main; main()"
    words = [sys.executable, "-u", "-c", code, "serve", str(comparison), "--port", "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        try:
            address = re.match(r"http://127\.0\.0\.1:\d+/", run.stdout.readline())[0]
            with urllib.request.urlopen(address + "health", timeout=10) as answer:
                assert answer.status == 200
            with urllib.request.urlopen(address, timeout=10) as answer:
                assert answer.read(15) == b"<!doctype html>"
            run.send_signal(signal.SIGINT)
            _, errors = run.communicate(timeout=60)
        finally:
            run.kill()  # else leaving the block would wait for it
    assert run.returncode == 130
    assert errors == "interrupted\n"


def test_a_folder_without_a_run_exits_2(tmp_path):
    assert call("serve", tmp_path).exit_code == 2
