"""What holds for all tests."""

import gc
import sys
from collections.abc import Iterator

import pytest

# Where it is asked not to, Python keeps no compiled modules, and each program that a test starts
# would compile the package anew.
KEEPS_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
sys.dont_write_bytecode = False


@pytest.fixture(scope="session", autouse=True)
def state_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what a user's programs remember out of the user's own folders."""
    gc.freeze()  # the tests themselves are there to stay
    with pytest.MonkeyPatch.context() as patch:
        for kind in ("STATE", "CACHE"):
            patch.setenv(f"XDG_{kind}_HOME", str(tmp_path_factory.mktemp(kind.lower())))
        patch.delenv(KEEPS_NO_BYTECODE, raising=False)
        yield
