"""The pages keep their word: links resolve, commands exist, examples parse."""

import re
import shlex
from pathlib import Path

import click
import pytest

from perigrid.cli.main import main

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "design").glob("*.md")),
]
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)#]+)(?:#[^)]*)?\)")
EXAMPLE = re.compile(r"^(?: {4}|.*&& )(perigrid [a-z].*)$", re.MULTILINE)
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples():
    for page in PAGES:
        for line in EXAMPLE.findall(page.read_text(encoding="utf-8")):
            for part in line.split("&&"):
                yield part.split("#")[0].strip()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_resolve(page):
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("line", sorted(set(examples())))
def test_examples_parse(line):
    name, *words = shlex.split(line)[1:]
    command = main.commands[name]
    context = click.Context(main, info_name="perigrid")
    while isinstance(command, click.Group):
        name, *words = words
        command = command.commands[name]
    command.make_context(name, words, parent=context)


def test_every_command_is_documented_with_an_example():
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    for name in main.commands:
        assert f"## perigrid {name}" in text
        assert f"    perigrid {name}" in text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_examples_are_python(page):
    for block in PYTHON.findall(page.read_text(encoding="utf-8")):
        compile(block, page.name, "exec")


def test_the_readme_names_the_two_commands_that_ci_and_users_run():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = (ROOT / "Makefile").read_text(encoding="utf-8")
    for name in ("demo", "test"):
        assert f"    make {name}" in readme
        assert f"\n{name}:" in targets
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1] == "make test"
