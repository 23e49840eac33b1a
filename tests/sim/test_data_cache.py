import hashlib
import io
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import numpy as np
import pytest

from perigrid.base.errors import DataCacheError
from perigrid.sim import data_cache
from perigrid.sim.data_cache import (
    default_cache_dir,
    fetch,
    find_data_set,
    install_from,
    reference_scenes,
    require,
    verify,
)
from perigrid.sim.data_catalogue import CATALOGUE, DataSet

STACK = np.linspace(0.0, 1.0, 5 * 4 * 4 * 13, dtype=np.float32).reshape(5, 4, 4, 13)


def npy():
    buffer = io.BytesIO()
    np.save(buffer, STACK)
    return buffer.getvalue()


SCENES, TABLE = npy(), b"lon,lat\n" * 50


@pytest.fixture(autouse=True)
def small_catalogue(monkeypatch):
    rows = (
        data_set("eolearn-scenes", "scenes.npy", "https://example.org/scenes.npy", SCENES),
        data_set("table", "table.csv", "", TABLE),
    )
    monkeypatch.setattr(data_cache, "CATALOGUE", rows)
    return rows


def data_set(name, file_name, url, content):
    digest = hashlib.sha256(content).hexdigest()
    return DataSet(name, file_name, url, digest, len(content), "MIT", "made for a test")


def serving(content):
    """An opener that serves fixed bytes and counts its calls."""

    @contextmanager
    def opener(url):
        opener.calls.append(url)
        yield io.BytesIO(content)

    opener.calls = []
    return opener


def test_cache_folder_follows_the_environment():
    assert default_cache_dir({"PERIGRID_CACHE": "/data/p"}) == Path("/data/p")
    assert default_cache_dir({"XDG_CACHE_HOME": "/c"}) == Path("/c/perigrid")
    home = Path.home() / ".cache" / "perigrid"
    assert default_cache_dir({}) == home
    assert default_cache_dir({"XDG_CACHE_HOME": "relative"}) == home
    assert default_cache_dir({"PERIGRID_CACHE": "", "XDG_CACHE_HOME": "/c"}) == Path("/c/perigrid")


def test_fetch_stores_once(tmp_path):
    opener = serving(SCENES)
    cache = tmp_path / "cache"
    path = fetch("eolearn-scenes", cache, opener)
    assert path.read_bytes() == SCENES
    assert fetch("eolearn-scenes", cache, opener) == path
    assert opener.calls == ["https://example.org/scenes.npy"]
    assert require("eolearn-scenes", cache) == path


def test_fetch_mends_a_damaged_file(tmp_path):
    (tmp_path / "scenes.npy").write_bytes(SCENES[:100])
    assert fetch("eolearn-scenes", tmp_path, serving(SCENES)).read_bytes() == SCENES


@pytest.mark.parametrize("content", [b"", SCENES[:-1], SCENES + b"x", b"X" + SCENES[1:]])
def test_fetch_refuses_other_bytes(tmp_path, content):
    with pytest.raises(DataCacheError) as caught:
        fetch("eolearn-scenes", tmp_path, serving(content))
    problem = caught.value.problems[0]
    assert problem.path == "https://example.org/scenes.npy"
    assert "changed at its source" in problem.remedy
    assert list(tmp_path.iterdir()) == []


def test_fetch_without_network_says_what_to_do(tmp_path):
    def offline(url):
        raise URLError("no route to host")

    with pytest.raises(DataCacheError) as caught:
        fetch("eolearn-scenes", tmp_path, offline)
    problem = caught.value.problems[0]
    assert "no route to host" in problem.message
    assert "perigrid data install" in problem.remedy


def test_fetch_of_an_unserved_file_points_to_installing(tmp_path):
    with pytest.raises(DataCacheError, match="perigrid data install FOLDER"):
        fetch("table", tmp_path, serving(TABLE))


def test_fetch_into_a_folder_that_is_a_file(tmp_path):
    cache = tmp_path / "cache"
    cache.write_text("in the way")
    with pytest.raises(DataCacheError, match=r"scenes\.npy"):
        fetch("eolearn-scenes", cache, serving(SCENES))
    assert cache.read_text() == "in the way"


def test_fetch_over_a_folder_of_the_same_name(tmp_path):
    (tmp_path / "scenes.npy").mkdir()
    with pytest.raises(DataCacheError):
        fetch("eolearn-scenes", tmp_path, serving(SCENES))
    assert [entry.name for entry in tmp_path.iterdir()] == ["scenes.npy"]


def test_only_encrypted_addresses_are_opened():
    with pytest.raises(OSError, match="not an https address"):
        data_cache._open_url("file:///etc/hostname")


def test_unknown_names_are_answered_with_the_known_ones(tmp_path):
    for call in (lambda: find_data_set("nope"), lambda: fetch("nope", tmp_path)):
        with pytest.raises(DataCacheError, match="eolearn-scenes, table"):
            call()


def test_require_names_the_file(tmp_path):
    with pytest.raises(DataCacheError) as caught:
        require("table", tmp_path)
    assert caught.value.problems[0].path == str(tmp_path / "table.csv")
    assert caught.value.exit_code == 2


def test_verify_tells_ready_missing_and_damaged_apart(tmp_path):
    assert [entry.state for entry in verify(tmp_path / "none")] == ["missing", "missing"]
    (tmp_path / "scenes.npy").write_bytes(SCENES)
    (tmp_path / "table.csv").write_bytes(TABLE[:-1])
    scenes, table = verify(tmp_path)
    assert (scenes.state, scenes.problem) == ("ready", None)
    assert table.state == "damaged"
    assert table.problem is not None
    assert "truncated" in table.problem.message


def test_install_finds_files_below_the_folder(tmp_path):
    source = tmp_path / "shared" / "deep"
    source.mkdir(parents=True)
    (source / "scenes.npy").write_bytes(SCENES)
    cache = tmp_path / "cache"
    assert install_from(tmp_path / "shared", cache) == ("eolearn-scenes",)
    assert (cache / "scenes.npy").read_bytes() == SCENES
    assert install_from(tmp_path / "shared", cache) == ("eolearn-scenes",)


def test_install_keeps_good_files_and_refuses_bad_ones(tmp_path):
    source, cache = tmp_path / "source", tmp_path / "cache"
    source.mkdir()
    (source / "scenes.npy").write_bytes(SCENES)
    (source / "table.csv").write_bytes(b"Lon" + TABLE[3:])
    with pytest.raises(DataCacheError) as caught:
        install_from(source, cache)
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].path == str(source / "table.csv")
    assert [entry.name for entry in cache.iterdir()] == ["scenes.npy"]


def test_install_from_nowhere_or_from_an_empty_folder(tmp_path):
    with pytest.raises(DataCacheError, match="is not a folder"):
        install_from(tmp_path / "absent", tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataCacheError, match="holds no known data set"):
        install_from(tmp_path / "empty", tmp_path)


def test_install_into_an_unusable_cache(tmp_path):
    source, cache = tmp_path / "source", tmp_path / "cache"
    source.mkdir()
    (source / "table.csv").write_bytes(TABLE)
    cache.write_text("in the way")
    with pytest.raises(DataCacheError, match="PERIGRID_CACHE"):
        install_from(source, cache)


def test_reference_scenes(tmp_path):
    assert reference_scenes(tmp_path) == ()
    (tmp_path / "scenes.npy").write_bytes(SCENES)
    scenes = reference_scenes(tmp_path)
    assert [scene.cloud_fraction for scene in scenes] == [1.0, 1.0, 0.0, 0.0, 0.0]
    np.testing.assert_array_equal(np.stack([scene.reflectance for scene in scenes]), STACK)
    assert scenes[0].name == "eo-learn 1"


@pytest.mark.parametrize("content", [b"", SCENES[:-8], SCENES + b"\0", b"\x80" + SCENES[1:]])
def test_damaged_reference_scenes_stop_the_run(tmp_path, content):
    (tmp_path / "scenes.npy").write_bytes(content)
    with pytest.raises(DataCacheError, match=r"scenes\.npy"):
        reference_scenes(tmp_path)


def test_the_real_catalogue_matches_the_shared_data():
    shared = Path(__file__).parents[2].parent / "shared" / "data"
    if not shared.is_dir():
        pytest.skip("no shared/data beside the repository")
    from perigrid.sim.data_files import check_file

    for row in CATALOGUE:
        found = sorted(shared.rglob(row.file_name))
        if found:
            assert check_file(found[0], row) is None
