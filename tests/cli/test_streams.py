"""Streams that are closed, narrow, or read no further."""

import io
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perigrid.cli.streams import Outlet, steered

CODE = "from perigrid.cli.main import main; main()"


def shell(line: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command line of a shell in which ``$P`` is the program."""
    program = f'"{sys.executable}" -c "{CODE}"'
    return subprocess.run(
        ["sh", "-c", line.replace("$P", program)],
        capture_output=True,
        check=False,
        env=os.environ | environment,
    )


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-"])
def test_a_closed_stream_stops_no_command(closed):
    done = shell(f"$P --version {closed}")
    assert done.returncode == 0
    assert done.stderr == b""


def test_with_no_stream_at_all_files_are_written(tmp_path):
    done = shell(f"$P init {tmp_path}/new >&- 2>&- <&-")
    assert done.returncode == 0
    assert (tmp_path / "new" / "scenario.yaml").stat().st_size > 1000


MUCH = """
import sys
from perigrid.cli.streams import lasting_streams
with lasting_streams():
    for _ in range(20_000):
        print("a line that somebody may read")
    print("done", file=sys.stderr)
"""


def test_a_reader_that_goes_stops_no_command():
    line = f"(\"{sys.executable}\" -c '{MUCH}'; echo $? >&2) | head -n 1"
    done = shell(line)
    assert done.stdout == b"a line that somebody may read\n"
    assert done.stderr == b"done\n0\n"


@given(st.text())
def test_no_text_steers_a_terminal(text):
    written = io.StringIO()
    Outlet(written).write(text)
    steering = {one for one in written.getvalue() if unicodedata.category(one) in {"Cc", "Cf"}}
    assert steering <= set("\n\t\u200c\u200d")


def test_a_progress_bar_does():
    written = io.StringIO()
    steered(Outlet(written)).write("\x1b[2K")
    assert written.getvalue() == "\x1b[2K"
    assert steered(written) is written


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "ascii"])
def test_signs_that_an_encoding_lacks_become_question_marks(encoding):
    raw = io.BytesIO()
    outlet = Outlet(io.TextIOWrapper(raw, encoding=encoding))
    assert outlet.write("Miyün 密云 → \udcff") == 12
    outlet.flush()
    assert raw.getvalue().decode(encoding).replace("ü", "?") == "Miy?n ?? ? \\udcff"
    assert not hasattr(outlet, "buffer")


def test_a_full_disk_is_told_once(tmp_path):
    if not Path("/dev/full").exists():
        pytest.skip("no such device here")
    done = shell("$P --help > /dev/full")
    assert done.returncode == 1
    assert done.stderr.startswith(b"error: <stdout>: No space left on device")
    assert b"Exception" not in done.stderr
    done = shell("$P --json > /dev/full")
    assert done.returncode == 2
    assert done.stderr.startswith(b"error: No such option")


def test_json_escapes_what_a_narrow_stream_lacks():
    done = shell("$P none-密云 --json", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 2
    assert b"\\u5bc6" in done.stdout
