"""What commands print."""

import contextlib
import io
import json
import math
import subprocess
import sys
import threading

import pytest

from perigrid.cli import output
from tests.cli.conftest import call


def test_warnings_go_to_stderr_and_can_be_silenced(capsys):
    output.warn(("old elements", "no effect"), quiet=False)
    output.warn(("unsaid",), quiet=True)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "warning: old elements\nwarning: no effect\n"


def test_json_has_no_numbers_that_json_does_not_know(capsys):
    output.print_json({"a": math.nan, "b": [math.inf, 1.5], "c": ("x", {2: -math.inf})})
    assert json.loads(capsys.readouterr().out) == {
        "a": None,
        "b": [None, 1.5],
        "c": ["x", {"2": None}],
    }


def test_json_keeps_letters_of_all_languages(capsys):
    output.print_json({"station": "Miyün 密云"})
    assert "密云" in capsys.readouterr().out


def test_hints_go_to_stderr_and_can_be_silenced(capsys):
    output.hint("report: here", quiet=False)
    output.hint("report: there", quiet=True)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "report: here\n"


def test_columns_line_up():
    text = output.columns([("name", "size"), ("a", "10 MB"), ("longer", "2 MB")], right=(1,))
    assert text.splitlines() == ["name     size", "a       10 MB", "longer   2 MB"]


def test_a_line_now_and_then_where_nobody_watches(monkeypatch):
    monkeypatch.setattr(output, "LINE_EVERY_S", 0.01)
    written, lines = threading.Event(), []
    monkeypatch.setattr(output.click, "echo", lambda text, **_: (lines.append(text), written.set()))
    with output.progress(quiet=False) as tell:
        tell("finding passes", 0.25)
        written.wait(10.0)
    assert lines[0] == "finding passes: 25% after 0 min"


def test_no_line_when_quiet_and_none_for_short_work(capsys):
    with output.progress(quiet=True) as tell:
        assert tell is None
    with output.progress(quiet=False) as tell:
        tell("finding passes", 0.25)
    assert capsys.readouterr().err == ""


class Terminal(io.StringIO):
    def isatty(self):
        return True


def on_a_terminal(*, quiet=False):
    """Report a stage to a bar and return what the terminal showed."""
    with contextlib.redirect_stderr(Terminal()) as screen, output.progress(quiet=quiet) as tell:
        if tell is not None:
            tell("finding passes", 0.25)
            tell("finding passes", 0.75)
    return screen.getvalue()


def test_no_bar_for_short_work():
    assert on_a_terminal() == ""


def test_a_bar_for_long_work(monkeypatch):
    monkeypatch.setattr(output, "PATIENCE_S", 0.0)
    monkeypatch.setenv("TERM", "xterm")
    assert "finding passes" in on_a_terminal()


def test_no_bar_when_quiet(monkeypatch):
    monkeypatch.setattr(output, "PATIENCE_S", 0.0)
    assert on_a_terminal(quiet=True) == ""


def test_what_libraries_print_while_working_does_not_get_into_the_result():
    code = (
        "import ctypes\n"
        "from perigrid.cli import output\n"
        "with output.progress(quiet=True):\n"
        "    ctypes.CDLL(None).printf(b'a line of a solver\\n')\n"
        "output.print_json({'a': 1})\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert json.loads(done.stdout) == {"a": 1}
    assert done.stderr == b"a line of a solver\n"


def test_warnings_stand_in_the_document_even_if_nothing_is_said(capsys):
    output.print_json({"a": 1}, ("b: odd",))
    assert json.loads(capsys.readouterr().out) == {"a": 1, "warnings": ["b: odd"]}


NO_EFFECT = "groups.relay-shell.laser.terminals=5"


@pytest.mark.parametrize(
    "words",
    [
        ("check", "starlink-relay"),
        ("plan", "starlink-relay"),
        ("routes", "starlink-relay", "--from", "Redmond", "--to", "Usingen"),
        ("contacts", "starlink-relay"),
        ("contacts", "starlink-relay", "--access"),
    ],
    ids=" ".join,
)
def test_every_command_tells_what_a_scenario_is_warned_of(words):
    words = (*words, "--hours", "0.05", "--set", NO_EFFECT, "--json")
    told = call(*words)
    (warning,) = json.loads(told.stdout)["warnings"]
    assert "groups.relay-shell.laser.terminals: no effect" in warning
    assert told.stderr == f"warning: {warning}\n"
    quiet = call(*words, "-q")
    assert (quiet.stdout, quiet.stderr) == (told.stdout, "")
