"""What holds for all tests."""

import gc
import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from once import SHARED

if sys.platform != "win32":
    import fcntl

# Where it is asked not to, Python keeps no compiled modules, and each program that a test starts
# would compile the package anew.
KEEPS_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
sys.dont_write_bytecode = False

# Threads that wait for the next piece of work sleep; others have work for their processors.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Look for no garbage while tests are found: they are there to stay."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """Let one process at a time read a module: the first keeps it compiled for the others."""
    with turn(collector.path) if isinstance(collector, pytest.Module) else nullcontext():
        return (yield)


@contextmanager
def turn(place: Path) -> Iterator[None]:
    """Wait for others that read a file; on Windows nobody waits."""
    with place.open("rb") as file:
        if sys.platform != "win32":
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="module", autouse=True)
def garbage_is_looked_for_in_what_is_new() -> None:
    """Spare each flight, which ends by looking for garbage, kernels and what else is loaded."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def state_of_the_tests(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[None]:
    """Keep what a user's programs remember out of the user's own folders.

    Processes that share the tests share what is remembered of scenes, so that the detector looks at
    none of them twice.
    """
    state, cache = tmp_path_factory.mktemp("state"), tmp_path_factory.mktemp("cache")
    shared = tmp_path_factory.getbasetemp() / "once"
    if hasattr(request.config, "workerinput"):
        cache = tmp_path_factory.getbasetemp().parent / "cache"
        shared = tmp_path_factory.getbasetemp().parent / "once"
        name = request.config.workerinput["testrunuid"]
        (state / "perigrid").mkdir(mode=0o700)
        key = state / "perigrid" / "checkpoint.key"
        key.touch(mode=0o600)
        key.write_bytes(hashlib.sha256(name.encode()).digest())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(state))
        patch.setenv("XDG_CACHE_HOME", str(cache))
        patch.setenv(SHARED, str(shared))
        patch.delenv(KEEPS_NO_BYTECODE, raising=False)
        yield
