"""One small comparison, written once by the command itself."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from perigrid.cli.main import main

# Half an hour and four scenes: enough for every command, seconds to fly.
SMALL = ("--hours", "0.5", "--set", "pipeline.executed_scenes=4")


def call(*words: object, answer: str | None = None) -> Result:
    """Run a command line in this process."""
    return CliRunner().invoke(main, [str(word) for word in words], answer, catch_exceptions=False)


@pytest.fixture(scope="session")
def compared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    folder = tmp_path_factory.mktemp("cli") / "small"
    return folder, call("compare", "three-body", *SMALL, "--json", "-o", folder)


@pytest.fixture(scope="session")
def comparison(compared: tuple[Path, Result]) -> Path:
    folder, result = compared
    assert result.exit_code == 0, result.stderr
    return folder
