"""The shape of the code, measured: names with units, mirrored tests, small files and functions."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "perigrid"
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))

MAX_MODULE_LINES = 420
MAX_P90_LINES = 25
MAX_P99_LINES = 60

# What a quantity's name may end in: a unit, alone or as the last part of a compound (w_m2, usd_kg).
UNITS = {
    *("m", "km", "s", "min", "hours", "years", "days", "w", "kw", "j", "wh", "k", "c", "rad"),
    *("deg", "hz", "bps", "bytes", "kg", "t", "usd", "kwh", "db", "dbw", "dbm", "m2", "year"),
    *("pixels", "byte", "ops", "px", "photons", "nodes", "cycles", "cm2"),
    *("m3", "sfu"),  # volume; solar flux unit
}

# Pure numbers, by the last part of their name.
DIMENSIONLESS = {
    *("share", "fraction", "ratio", "factor", "probability", "level", "score"),
    *("pue", "rate", "soc", "cover", "mean", "concentration", "index", "cosine", "sine"),
    *("eccentricity", "bstar", "emissivity", "absorptivity", "efficiency", "albedo", "reflectance"),
    *("illumination", "throttle", "incidence", "weight", "gain", "cloud", "brightness"),
    *("coefficient", "flattening", "tangent"),
}

# Whole names that are pure numbers or stand for any quantity.
ANY_QUANTITY = {
    *("value", "default", "ge", "gt", "le", "lt", "low", "high", "times"),  # bounds, formatting
    *("published", "ours", "tolerance", "target"),  # in the unit of a validation case
    *("heat_speed", "power_speed", "slope"),  # shares of full speed; power of a power law
    "speed",  # of a live run: mission seconds per second
    "version",  # of a published model
    *("jd_midnight", "nbytes"),  # a Julian date, the contract's word for a size
}

# Modules without a test of their own name, each with the reason. Keep it short.
UNMIRRORED: dict[str, str] = {
    "control/scheduling/base": "a protocol and what schedulers see; each scheduler is tested",
}

# Folders whose modules are tested as a whole.
TESTED_TOGETHER = {
    "validation": "tests/validation/test_catalogue.py runs every case of every group",
    "core": "tests/control/core/test_handle.py flies missions beside the Python controller",
}


def name_of(path):
    return path.relative_to(PACKAGE).with_suffix("").as_posix()


def functions(path):
    """Yield (qualified name, node) of every function that is not nested in another."""
    stack = [("", ast.parse(path.read_text(encoding="utf-8")))]
    while stack:
        prefix, node = stack.pop()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                stack.append((f"{prefix}{child.name}.", child))
            elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{name_of(path)}:{prefix}{child.name}", child


def is_public(qualified):
    parts = qualified.split(":")[1].split(".")
    return not any(part.startswith("_") for part in parts)


def body_lines(node):
    """Lines of a function without its signature and docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def all_functions():
    return [found for path in MODULES for found in functions(path)]


def float_parameters(node):
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    for argument in arguments:
        if argument.annotation is None:
            continue
        words = ast.unparse(argument.annotation).replace(" ", "").split("|")
        if "float" in words:
            yield argument.arg


def has_unit(name):
    last = name.split("_per_")[0].rsplit("_", maxsplit=1)[-1]
    return last in UNITS or last in DIMENSIONLESS or name in ANY_QUANTITY


def test_float_parameters_of_public_functions_name_their_unit():
    nameless = [
        f"{qualified}({name})"
        for qualified, node in all_functions()
        if is_public(qualified)
        for name in float_parameters(node)
        if not has_unit(name)
    ]
    assert nameless == []


def does_something(path):
    """Tell modules with functions or methods from plain records, enumerations and constants."""
    return any(True for _ in functions(path))


def test_file_of(path):
    """Return where the test of a module stands; a package's own code is tested under its name."""
    relative = path.relative_to(PACKAGE)
    if path.parent == PACKAGE and path.name == "__init__.py":
        return ROOT / "tests" / "test_exported_members.py"
    stem = path.parent.name if path.name == "__init__.py" else path.stem
    folder = relative.parent.parent if path.name == "__init__.py" else relative.parent
    return ROOT / "tests" / folder / f"test_{stem}.py"


test_file_of.__test__ = False


def test_every_module_has_a_test_of_its_name():
    missing = {
        name_of(path)
        for path in MODULES
        if does_something(path)
        and path.parent.name not in TESTED_TOGETHER
        and not test_file_of(path).is_file()
    }
    assert missing == set(UNMIRRORED)


def test_modules_are_small():
    long = {
        name_of(path): lines
        for path in MODULES
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MAX_MODULE_LINES
    }
    assert long == {}


def test_functions_are_short():
    lengths = sorted((body_lines(node), qualified) for qualified, node in all_functions())
    p90, p99 = (lengths[int(share * len(lengths))] for share in (0.9, 0.99))
    longest = lengths[-5:]
    assert p90[0] <= MAX_P90_LINES, longest
    assert p99[0] <= MAX_P99_LINES, longest


def test_public_functions_and_classes_are_documented():
    silent = [
        qualified
        for qualified, node in all_functions()
        if is_public(qualified) and ast.get_docstring(node) is None
    ]
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        silent += [] if ast.get_docstring(tree) else [name_of(path)]
        silent += [
            f"{name_of(path)}:{node.name}"
            for node in tree.body
            if isinstance(node, ast.ClassDef)
            and not node.name.startswith("_")
            and ast.get_docstring(node) is None
        ]
    assert silent == []


def test_import_contracts_hold():
    pytest.importorskip("importlinter")
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as m; m()"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["altitude_m", "launch_price_usd_kg", "learning_rate", "pue"])
def test_the_unit_rule_accepts(name):
    assert has_unit(name)


@pytest.mark.parametrize("name", ["altitude", "power", "x", "time_seconds"])
def test_the_unit_rule_refuses(name):
    assert not has_unit(name)
