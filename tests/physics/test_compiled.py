"""Parts run from Python as they are written, and inside kernels compiled."""

import importlib.util
import math
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numba as nb
import pytest

from perigrid.physics import compiled
from perigrid.physics.compiled import KERNEL, inlined_part, kernel, part

uncached = nb.njit(**KERNEL)


@part
def quotient(a, b):
    return a / b


@inlined_part
def doubled(a):
    return 2.0 * a


@uncached
def both(a, b):
    return doubled(quotient(a, b))


def test_parts_give_the_same_from_python_and_in_a_kernel():
    assert both(3.0, 4.0) == doubled(quotient(3.0, 4.0)) == 1.5


def test_division_by_zero_is_numpys_only_when_compiled():
    assert both(1.0, 0.0) == math.inf
    with pytest.raises(ZeroDivisionError):
        quotient(1.0, 0.0)


def test_a_kernel_is_compiled_and_has_no_wrapper_for_c():
    assert kernel(lambda a: a + 1.0).targetoptions["no_cfunc_wrapper"]
    assert both.nopython_signatures


SOURCE = """
from perigrid.physics.compiled import compiled

@compiled(nogil=True)
def twice(a):
    return 2 * a
"""


def imported(place: Path) -> Any:
    """Import a file anew, as another process would, and give its one kernel."""
    spec = importlib.util.spec_from_file_location("cached_kernel", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.twice


def hits(twice: Any) -> int:
    """Use a kernel for two types, and say for how many of them it was in the cache."""
    assert (twice(2), twice(1.5)) == (4, 3.0)
    return sum(twice.stats.cache_hits.values())


@pytest.fixture(scope="module", autouse=True)
def beside_the_sources() -> Iterator[None]:
    """The cache of the kernels here, wherever that of the package is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled.config, "CACHE_DIR", "")
        yield


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file whose kernel has been compiled for two types."""
    place = tmp_path_factory.mktemp("kernels") / "cached_kernel.py"
    place.write_text(SOURCE)
    assert hits(imported(place)) == 0
    return place


@pytest.fixture
def source(filled: Path, tmp_path: Path) -> Path:
    """A copy of it and its cache, to be spoilt."""
    shutil.copytree(filled.parent, tmp_path / "kernels")
    return tmp_path / "kernels" / filled.name


def test_compiled_code_is_taken_from_the_cache(source: Path) -> None:
    assert hits(imported(source)) == 2


@pytest.mark.parametrize("kind", ["nbi", "nbc"])
@pytest.mark.parametrize("spoil", ["empty", "cut", "flip", "noise"])
def test_a_spoilt_cache_is_compiled_anew_and_mended(source: Path, kind: str, spoil: str) -> None:
    for place in (source.parent / "__pycache__").glob(f"*.{kind}"):
        content = place.read_bytes()
        half = len(content) // 2
        flipped = bytes([content[half] ^ 1])
        place.write_bytes(
            {
                "empty": b"",
                "cut": content[:half],
                "flip": content[:half] + flipped + content[half + 1 :],
                "noise": bytes(range(256)),
            }[spoil]
        )
    first = hits(imported(source))
    assert first == 0 or (kind, spoil) == ("nbi", "flip")  # a bit of an index may mean nothing
    assert hits(imported(source)) == 2


def test_two_that_fill_a_cache_at_once_do_not_mix(source: Path) -> None:
    shutil.rmtree(source.parent / "__pycache__")
    one, other = imported(source), imported(source)
    assert one(2) == 4  # both would have taken the first number
    assert other(1.5) == 3.0
    assert hits(imported(source)) == 2


def test_what_is_not_in_the_index_is_compiled(source: Path) -> None:
    for place in (source.parent / "__pycache__").glob("*.nbc"):
        place.unlink()
    assert hits(imported(source)) == 0


def nowhere(*_: object) -> None:
    raise OSError(30, "Read-only file system")


def test_without_a_place_the_cache_is_in_the_temporary_folder(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled.config, "CACHE_DIR", "")
    monkeypatch.setattr(compiled.tempfile, "gettempdir", lambda: str(tmp_path))
    for locator in (compiled.caching.InTreeCacheLocator, compiled.caching.UserWideCacheLocator):
        monkeypatch.setattr(locator, "ensure_cache_path", nowhere)
    assert hits(imported(source)) == 0
    (folder,) = tmp_path.glob("perigrid-numba-*")
    assert folder.stat().st_mode & 0o077 == 0
    assert hits(imported(source)) == 2
    # A folder that others can write holds code of others.
    folder.chmod(0o777)
    monkeypatch.setattr(compiled.config, "CACHE_DIR", "")
    assert hits(imported(source)) == 0


def test_a_cache_that_takes_nothing_more_stops_nothing(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(source.parent / "__pycache__")
    twice = imported(source)
    monkeypatch.setattr(compiled.caching.IndexDataCacheFile, "_open_for_write", nowhere)
    assert hits(twice) == 0


WAITING = """
import sys, time
from pathlib import Path
from numba.core import config
config.CACHE_DIR = ""
sys.path.insert(0, sys.argv[1])
import {module}
Path(sys.argv[2]).touch()
while len(list(Path(sys.argv[2]).parent.glob("ready-*"))) < 2:
    time.sleep(0.01)
{module}.twice(2)
stats = {module}.twice.stats
print(sum(stats.cache_misses.values()), sum(stats.cache_hits.values()))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no lock that ends with its process")
def test_two_processes_compile_a_kernel_once(tmp_path: Path) -> None:
    (tmp_path / "cached_kernel.py").write_text(SOURCE)
    code = WAITING.format(module="cached_kernel")
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path), str(tmp_path / f"ready-{k}")],
            stdout=subprocess.PIPE,
            text=True,
        )
        for k in range(2)
    ]
    said = sorted(one.communicate()[0].strip() for one in both)
    assert said == ["0 1", "1 0"]
