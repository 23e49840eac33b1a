"""A finished run over real loopback requests."""

import http.client
import json
import threading

import pytest

from perigrid.base.errors import RunFolderError
from perigrid.web import server as web
from perigrid.web.server import Page, RunServer, open_server, pages


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(web, "html_report", lambda _folder: "<!doctype html><title>r</title>")
    (tmp_path / "comparison.json").write_text('{"scenario": "small"}')
    (tmp_path / "manifest.json").write_text("{}")
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "orbital").mkdir()
    (tmp_path / "orbital" / "summary.json").write_text('{"insights_delivered": 3}')
    return tmp_path


@pytest.fixture
def ask(folder):
    with open_server(folder, 0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()

        def request(path, method="GET", host="127.0.0.1"):
            link = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
            try:
                link.request(method, path, headers={"Host": host})
                answer = link.getresponse()
                return answer.status, answer.headers, answer.read()
            finally:
                link.close()

        yield request
        server.shutdown()
        thread.join()


def test_health(ask):
    status, headers, body = ask("/health")
    assert status == 200
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body)["status"] == "ok"


@pytest.mark.parametrize("host", ["[bad", "evil.example", ""])
def test_only_this_machine_s_names_are_answered(ask, host):
    assert ask("/", host=host)[0] == 421


@pytest.mark.parametrize(
    ("error", "said"), [(ConnectionResetError(), False), (KeyError("a bug"), True)]
)
def test_a_browser_that_goes_away_is_not_reported(folder, monkeypatch, capfd, error, said):
    monkeypatch.setattr("sys.exception", lambda: error)
    with open_server(folder, 0) as server:
        server.handle_error(None, ("127.0.0.1", 1))
    assert bool(capfd.readouterr().err) == said


def test_the_report_is_shown_and_may_load_nothing(ask):
    status, headers, body = ask("/")
    assert status == 200
    assert body.startswith(b"<!doctype html>")
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_records_are_served_as_they_are(ask):
    assert json.loads(ask("/comparison.json")[2]) == {"scenario": "small"}
    assert json.loads(ask("/orbital/summary.json?x=1")[2]) == {"insights_delivered": 3}


@pytest.mark.parametrize(
    "path",
    [
        "/secret.txt",
        "/../secret.txt",
        "/orbital/../secret.txt",
        "/%2e%2e/secret.txt",
        "//secret.txt",
        "/orbital/",
        "/jobs.parquet",
    ],
)
def test_nothing_else_can_be_asked_for(ask, path):
    status, _, body = ask(path)
    assert status == 404
    assert b"secret" not in body.replace(path.encode(), b"")


def test_a_head_has_no_body(ask):
    status, headers, body = ask("/health", "HEAD")
    assert status == 200
    assert int(headers["Content-Length"]) > 0
    assert body == b""


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_written(ask, method):
    assert ask("/health", method)[0] == 501


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", ""])
def test_other_host_names_are_refused(ask, host):
    assert ask("/", host=host)[0] == 421


def test_only_the_loopback_address_is_bound():
    with RunServer({"/": Page("text/plain", b"")}, 0) as server:
        assert server.server_address[0] == "127.0.0.1"


def test_a_taken_port_is_an_input_error(folder):
    with open_server(folder, 0) as server:
        second = open_server(folder, server.server_port)
        with pytest.raises(RunFolderError, match="--port"):
            second.__enter__()


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(RunFolderError):
        pages(tmp_path)
