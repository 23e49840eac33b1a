"""YAML 1.2 text to a tree of plain values that remember where they stand.

The node graph of ruamel.yaml is walked here instead of its constructed objects: that gives the
place of every key *and* value, finds all duplicate keys at once, and leaves the meaning of plain
scalars to the core schema of YAML 1.2 (``NO`` is text, ``12:30`` is text, ``1_000`` is text).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.nodes import Node as YamlNode

from perigrid.base.errors import Problem, ScenarioError
from perigrid.scenario.problems import Place, SourceText
from perigrid.scenario.schema.fields import Origin

Scalar = str | int | float | bool | None
Loc = tuple[str | int, ...]

MAX_NODES = 200_000
"""Aliases can blow a small file up ("billion laughs"); a scenario of this size is no scenario."""

MAX_CHARACTERS = 20_000_000
"""Of all values, those that aliases repeat included."""

MAX_DEPTH = 40

_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_KNOWN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge", "value")
)
_STR_TAG = "tag:yaml.org,2002:str"
_MAX_DIGITS = 400


@dataclass(slots=True)
class Node:
    """One value of a scenario file.

    Parameters
    ----------
    value : dict, list or scalar
        Children are nodes.
    place : Place
        Where the value stands.
    key_places : dict of str to Place
        Where each key of a mapping stands.
    origin : Origin or None
        What a number in long form says of itself.
    """

    value: dict[str, Node] | list[Node] | Scalar
    place: Place
    key_places: dict[str, Place] = field(default_factory=dict)
    origin: Origin | None = None

    def plain(self) -> object:
        """Strip the places off.

        Returns
        -------
        dict, list or scalar
            Plain Python values.
        """
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value

    def children(self) -> list[Node]:
        """List the nodes one step down.

        Returns
        -------
        list of Node
            Empty for a scalar.
        """
        if isinstance(self.value, dict):
            return list(self.value.values())
        return self.value if isinstance(self.value, list) else []

    def child(self, key: str | int) -> Node | None:
        """Step down by one key or index.

        Parameters
        ----------
        key : str or int
            Key of a mapping or index of a list.

        Returns
        -------
        Node or None
            None if there is none.
        """
        if isinstance(self.value, dict):
            return self.value.get(str(key))
        if isinstance(self.value, list) and isinstance(key, int) and 0 <= key < len(self.value):
            return self.value[key]
        return None

    def place_of(self, loc: Loc, *, key: bool = False) -> Place:
        """Find the place of a path, or of its deepest part that exists.

        Parameters
        ----------
        loc : tuple of str or int
            Path from this node.
        key : bool
            Point at the key instead of the value.

        Returns
        -------
        Place
            The best place there is.
        """
        node: Node = self
        place = self.place
        for step in loc:
            below = node.child(step)
            if below is None:
                return place
            place = below.place
            if key or isinstance(below.value, dict | list):
                place = node.key_places.get(str(step), below.place)
            node = below
        return place


def read_tree(text: str, path: str) -> Node:
    """Parse YAML 1.2.

    Parameters
    ----------
    text : str
        The file's content.
    path : str
        The file's name in errors.

    Returns
    -------
    Node
        The root.

    Raises
    ------
    ScenarioError
        If the text is not one YAML document of plain data with unique keys.
    """  # noqa: DOC501  the helper makes a ScenarioError
    source = SourceText.of(path, text)
    try:
        root = _composed(text)
    except MarkedYAMLError as failure:
        raise ScenarioError([_syntax_problem(failure, source)]) from failure
    except YAMLError as failure:
        raise _unreadable(source, str(failure).splitlines()[0]) from failure
    except RecursionError as failure:
        raise _unreadable(source, "is nested too deeply") from failure
    except (ValueError, TypeError, AttributeError, LookupError, AssertionError) as failure:
        # ruamel lets a few such errors out on malformed escapes and directives
        raise _unreadable(source, f"is not YAML: {failure}") from failure
    if root is None:
        raise _unreadable(source, "holds no document")
    builder = _Builder(source)
    node = builder.build(root, ())
    if builder.problems:
        raise ScenarioError(builder.problems)
    return node


def read_scalar(text: str) -> Scalar:
    """Resolve a plain scalar by the core schema of YAML 1.2.

    Parameters
    ----------
    text : str
        As written, unquoted.

    Returns
    -------
    str, int, float, bool or None
        Its meaning.

    References
    ----------
    .. [1] YAML 1.2.2 (2021), section 10.3.2, "Tag Resolution".
    """
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INT.fullmatch(text) and len(text) < _MAX_DIGITS:
        return int(text, 0) if text[:2] in {"0o", "0x"} else int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _SPECIAL.fullmatch(text):
        return float(text.lower().replace(".", ""))
    return text


def _parser() -> YAML:
    yaml = YAML(typ="safe", pure=True)
    yaml.max_depth = MAX_DEPTH  # stops a line of brackets long before Python's own limit
    yaml.composer.warn_double_anchors = False  # YAML 1.2 allows an anchor to be defined anew
    return yaml


@functools.lru_cache(maxsize=8)
def _composed(text: str) -> YamlNode | None:
    """Parse a text once, however often it is loaded with other overrides; nobody changes nodes."""
    root: YamlNode | None = _parser().compose(text)
    return root


def _syntax_problem(failure: MarkedYAMLError, source: SourceText) -> Problem:
    mark = failure.problem_mark or failure.context_mark
    place = source.place(mark.line + 1, mark.column + 1) if mark else Place(source.path)
    message = str(failure.problem or failure.context or "the text ends unexpectedly")
    remedy = "check quotes, brackets and indentation around this place"
    if "'\\t'" in message:
        message, remedy = "a tab cannot indent YAML", "indent with blanks"
    elif "maximum depth" in message:
        message, remedy = "is nested too deeply", "flatten it"
    elif "another document" in message:
        remedy = "keep one document in a file; remove the `---`"
    elif "undefined alias" in message:
        remedy = "define the anchor `&name` before `*name`, or put the text in quotes"
    return place.problem(f"not valid YAML: {message}", remedy)


def _unreadable(source: SourceText, message: str) -> ScenarioError:
    remedy = "a scenario is plain YAML text; start from `perigrid init`"
    return ScenarioError([Place(source.path).problem(message, remedy)])


class _Builder:
    """Walks ruamel's node graph once, collecting every problem."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.count = 0
        self.characters = 0

    def place(self, node: YamlNode) -> Place:
        start, end = node.start_mark, node.end_mark
        width = end.column - start.column if end.line == start.line else 1
        return self.source.place(start.line + 1, start.column + 1, width)

    def build(self, node: YamlNode, above: tuple[int, ...]) -> Node:
        place = self.place(node)
        self.count += 1
        if self.count > MAX_NODES:
            raise ScenarioError(
                [place.problem(f"more than {MAX_NODES} values", "remove the nested aliases")]
            )
        if id(node) in above:
            return self.refuse(place, "this anchor contains itself", "break the cycle of aliases")
        if len(above) >= MAX_DEPTH:
            raise ScenarioError([place.problem("is nested too deeply", "flatten it")])
        if str(node.tag) not in _KNOWN_TAGS:
            return self.refuse(place, f"tag '{node.tag}' is not used here", "remove the tag")
        inside = (*above, id(node))
        if isinstance(node, MappingNode):
            return self.mapping(node, place, inside)
        if isinstance(node, SequenceNode):
            return Node([self.build(item, inside) for item in node.value], place)
        self.characters += len(node.value)
        if self.characters > MAX_CHARACTERS:
            message = f"more than {MAX_CHARACTERS:,} characters"
            raise ScenarioError([place.problem(message, "remove the nested aliases")])
        is_text = getattr(node, "style", None) is not None or str(node.tag) == _STR_TAG
        text = node.value
        return Node(text if is_text else read_scalar(text), place)

    def mapping(self, node: MappingNode, place: Place, inside: tuple[int, ...]) -> Node:
        built = Node({}, place)
        for key, child in self.entries(node):
            assert isinstance(built.value, dict)  # noqa: S101  tells the type checker
            if key.value in built.value:
                first = built.key_places[key.value].line
                self.refuse(
                    self.place(key),
                    f"key '{key.value}' is given twice, first on line {first}",
                    "keep one of the two",
                )
                continue
            built.key_places[key.value] = self.place(key)
            built.value[key.value] = self.build(child, inside)
        return built

    def entries(self, node: MappingNode) -> Iterator[tuple[ScalarNode, YamlNode]]:
        for key, child in node.value:
            if not isinstance(key, ScalarNode):
                self.refuse(self.place(key), "a key must be a word", "quote it, or remove `?`")
            elif key.value == "<<":
                self.refuse(self.place(key), "YAML 1.2 has no merge key '<<'", "write the keys out")
            else:
                yield key, child

    def refuse(self, place: Place, message: str, remedy: str) -> Node:
        self.problems.append(place.problem(message, remedy))
        return Node(None, place)
