"""Gates, requests and small fleets for the tests of policy."""

from __future__ import annotations

from dataclasses import replace

from perigrid.base.jobs import Job, Product
from perigrid.base.messages import Captured, Leg, Move
from perigrid.control.policy.custody import Custody
from perigrid.control.policy.engine import PolicySet
from perigrid.control.policy.gate import Gate
from perigrid.control.policy.packs import BASE, pack_text, schema_text
from perigrid.control.policy.places import Place, Places
from perigrid.control.policy.reading import PolicyText
from perigrid.control.policy.request import Burn, Load, Scene
from perigrid.control.policy.rules import rules_text
from perigrid.scenario.model import Handling, Rule

SCENE = Scene(
    territory=(),
    level="raw",
    gsd_cm=1000,
    people_visible=False,
    areas=(),
    captured_s=10,
    purpose="observation",
    customer="civil",
    licence="",
    export_classes=(),
    held_by=("ada",),
    held_barred=(),
)
LOAD = Load(True, "observation", "civil", "tenant", (), (), ())
BURN = Burn("avoidance", 0, 10_000, 5000, 1000, 100)
JOB = Job(0, 0, 10.0, 9000.0, 1e8, 1.6e9, 0.85, 0.19, 3, 2)
"""A scene of 40 km in Bavaria."""


def place(operator: str, home: str, state: str, kind: str, **changes: object) -> Place:
    """A node in good standing."""
    base = Place(operator, home, state, kind, state, home)
    return replace(base, **changes)


PLACES = {
    "sat-eu": place("ada", "DE", "DE", "satellite"),
    "sat-cn": place("bao", "CN", "CN", "satellite"),
    "gs-eu": place("ada", "DE", "DE", "station"),
    "gs-us-in-eu": place("cos", "US", "DE", "station"),
    "gs-no": place("dag", "NO", "NO", "station"),
    "dc-eu": place("ada", "DE", "DE", "data-centre"),
    "dc-us": place("cos", "US", "US", "data-centre"),
    "gs-cn": place("bao", "CN", "CN", "station"),
}


def places(nodes: dict[str, Place] | None = None) -> Places:
    """The nodes above, or others."""
    chosen = PLACES if nodes is None else nodes
    return Places(tuple(chosen), tuple(chosen.values()))


def rule(**changes: object) -> Rule:
    """A plain rule: no raw pixels to Norway."""
    base = Rule("no-raw-abroad", "deny", "move", "raw", "NO", "any", "raw pixels stay at home")
    return replace(base, **changes)


def policies(
    nodes: Places, rules: tuple[Rule, ...] = (), packs: tuple[str, ...] = (), text: str = ""
) -> PolicySet:
    """Rules, Cedar text and packs over the base, joined as a scenario joins them."""
    texts = [PolicyText("rules", rules_text(rules))] if rules else []
    texts += [PolicyText("own.cedar", text)] if text else []
    texts += [PolicyText(name, pack_text(name)) for name in (*packs, BASE)]
    return PolicySet(texts, schema_text(), nodes.entities())


def gate(
    rules: tuple[Rule, ...] = (),
    packs: tuple[str, ...] = (),
    text: str = "",
    nodes: dict[str, Place] | None = None,
    handling: Handling | None = None,
    **changes: object,
) -> Gate:
    """A gate that has seen the shutter of :data:`JOB`."""
    known = places(nodes)
    models = {"screen": "screen-digest", "classify": "classify-digest"}
    answers = frozenset({"classify"})
    custody = Custody(known, handling or Handling(), [10.0] * 20, models, answers, rules)
    made = Gate(policies(known, rules, packs, text), known, custody, **changes)
    made.learn([Captured(JOB.t_capture_s, JOB)])
    return made


def row(name: str) -> int:
    """Fleet row of a node of :data:`PLACES`."""
    return list(PLACES).index(name)


def move(product: Product, *stops: str) -> Move:
    """A move of :data:`JOB` over named nodes."""
    legs = tuple(Leg(0, "downlink", 0, row(stop), 0, 0, 0, 1, 1, 1.0) for stop in stops)
    return Move(0, product, 0, row(stops[-1]), legs, "")
