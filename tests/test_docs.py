"""The pages keep their word: links resolve, commands exist, examples parse, physics prints that."""

import contextlib
import importlib.util
import io
import pkgutil
import re

import click
import pytest

from docs_reader import PAGES, ROOT, command_of, examples, flags_of
from perigrid.benchmark.catalogue import BENCHMARKS
from perigrid.cli.main import main
from perigrid.scenario.schema.bus import Array, BatterySpec, ThermalSpec
from perigrid.scenario.schema.earth import EarthOrientationFile
from perigrid.scenario.schema.faults import FaultsSpec, RecoverySpec
from perigrid.scenario.schema.fields import ORIGIN_KEYS
from perigrid.scenario.schema.ground import HorizonPoint, Site, StationNetwork
from perigrid.scenario.schema.orbits import FormationSwarm, OrbitChoice, SunSynchronousRing
from perigrid.scenario.schema.payload import LaserSpec
from perigrid.scenario.schema.radiation import RadiationSpec
from perigrid.scenario.schema.satellites import Group

LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)#]+)(?:#[^)]*)?\)")
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


PRINTED = "# -> "


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_resolve(page):
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("line", sorted(set(examples())))
def test_examples_parse(line):
    command, name, words = command_of(line)
    command.make_context(name, words, parent=click.Context(main, info_name="perigrid"))


def test_every_command_is_documented_with_an_example():
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    for name in main.commands:
        assert f"## perigrid {name}" in text
        assert f"    perigrid {name}" in text


def test_every_flag_that_a_section_names_is_one_of_a_command_it_speaks_of():
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    for section in text.split("\n## perigrid ")[1:]:
        spoken_of = {section.split()[0], *re.findall(r"`(?:perigrid )?([a-z]+)`", section)}
        known = set().union(*(flags_of(main.commands[one]) for one in spoken_of & {*main.commands}))
        prose = re.sub(r"^ {4}.*$", "", section, flags=re.MULTILINE)
        assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", prose)) <= known, section.split()[0]


def test_flags_that_many_commands_share_are_theirs():
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    (listed,) = re.findall(r"^Flags of (`check`.*?):$", text, re.MULTILINE)
    for name in re.findall(r"`(\w+)`", listed):
        assert flags_of(main.commands[name]) >= {"--hours", "--step", "--seed", "--set"}, name
    for name, command in main.commands.items():
        assert (flags_of(command) >= {"--json", "-q"}) == (name != "serve"), name


def test_scripts_that_pages_name_exist():
    for page in PAGES:
        for script in re.findall(r"python ([\w/]+\.py)", page.read_text(encoding="utf-8")):
            assert (ROOT / script).is_file(), f"{page.name}: {script}"


def test_every_benchmark_is_documented():
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    for name in BENCHMARKS:
        assert f"| `{name}` |" in text


@pytest.mark.parametrize(
    "section",
    [
        *(Group, Array, BatterySpec, ThermalSpec, LaserSpec, RadiationSpec),
        *(OrbitChoice, SunSynchronousRing, FormationSwarm, EarthOrientationFile),
        *(StationNetwork, Site, HorizonPoint, FaultsSpec, RecoverySpec),
    ],
    ids=lambda section: section.__name__,
)
def test_keys_of_satellites_and_stations_are_documented(section):
    text = (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8")
    for name in set(section.model_fields) - set(ORIGIN_KEYS):
        assert re.search(rf"\b{name}\b", text), name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_examples_are_python(page):
    for block in PYTHON.findall(page.read_text(encoding="utf-8")):
        compile(block, page.name, "exec")


def split_example(block):
    """Code of an example, and the lines that it says it prints."""
    lines = block.splitlines()
    code = [line for line in lines if not line.startswith(PRINTED)]
    return "\n".join(code), [line[len(PRINTED) :] for line in lines if line.startswith(PRINTED)]


@pytest.mark.skipif(importlib.util.find_spec("itur") is None, reason="one needs perigrid[rain]")
def test_the_examples_of_the_physics_page_print_what_it_says():
    page = (ROOT / "docs" / "physics.md").read_text(encoding="utf-8")
    blocks = PYTHON.findall(page)
    assert len(blocks) == page.count("\n## "), "an example in every section"
    shared = {}
    for block in blocks:
        code, promised = split_example(block)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "physics.md", "exec"), shared)
        assert promised, code
        assert [line.rstrip() for line in printed.getvalue().splitlines()] == promised


def test_names_on_the_physics_page_exist():
    page = (ROOT / "docs" / "physics.md").read_text(encoding="utf-8")
    prose = re.sub(r"^```.*?^```$|^- Scenario:[^\n]*(?:\n  [^\n]*)*", "", page, flags=PYTHON.flags)
    named = set(re.findall(r"`((?:[a-z_0-9]+\.)+[A-Za-z_0-9]+)\b[^`]*`", prose))
    assert len(named) >= 10
    for name in named:
        full = name if name.startswith("perigrid.") else f"perigrid.physics.{name}"
        assert pkgutil.resolve_name(full) is not None


def test_the_readme_names_the_two_commands_that_ci_and_users_run():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = (ROOT / "Makefile").read_text(encoding="utf-8")
    for name in ("demo", "test"):
        assert f"    make {name}" in readme
        assert f"\n{name}:" in targets
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1] == "make test"
