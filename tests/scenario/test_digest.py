"""The digest follows what a scenario says, not how."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap

from perigrid.scenario.load import load_scenario, parse_scenario
from scenario_inputs import MINIMAL, ORBIT, RECENT_TLE, changed


def digest(text=MINIMAL, path="m.yaml", folder=None, overrides=()):
    return parse_scenario(text, path, folder=folder, overrides=overrides).digest


def test_comments_order_form_and_place_do_not_count(tmp_path):
    head, _, tail = MINIMAL.partition("groups:")
    variants = [
        "# a comment\n" + MINIMAL.replace("\n", "   # more\n"),
        "groups:" + tail + head,
        changed(MINIMAL, "hours: 2", "hours: 2.0"),
        changed(MINIMAL, "hours: 2", "hours: {value: 2, source: me}"),
        changed(MINIMAL, "hours: 2", "hours: 2\nstep_s: 30"),  # the default, written out
    ]
    assert {digest(text) for text in variants} == {digest()}
    (tmp_path / "n.yaml").write_text(MINIMAL)
    assert load_scenario(str(tmp_path / "n.yaml")).digest == digest()


def test_content_seed_and_overrides_count():
    changes = ["seed=9", "hours=3", "groups.0.battery.min_soc=0.31", "name=other",
               "stations.0.sites.0.latitude_deg=67.87", "pipeline.screen.fixed_s=1"]  # fmt: skip
    seen = {digest(overrides=(change,)) for change in changes} | {digest()}
    assert len(seen) == len(changes) + 1
    assert digest(overrides=("hours=2",)) == digest()


def test_a_file_and_the_same_figures_inline_are_one(tmp_path):
    (tmp_path / "iss.tle").write_text(RECENT_TLE)
    by_file = changed(MINIMAL, ORBIT, "element_sets: {file: iss.tle, source: s}")
    block = "element_sets:\n        source: s\n        tle: |\n" + textwrap.indent(
        RECENT_TLE, " " * 10
    )
    inline = changed(MINIMAL, ORBIT, block)
    assert digest(by_file, folder=tmp_path) == digest(inline)


def test_another_process_with_another_hash_seed_finds_the_same():
    code = "from perigrid.scenario.load import load_scenario; print(load_scenario('bupt-1').digest)"
    environment = os.environ | {"PYTHONHASHSEED": "7"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.strip() == load_scenario("bupt-1").digest
    assert re.fullmatch("[0-9a-f]{64}", done.stdout.strip())
