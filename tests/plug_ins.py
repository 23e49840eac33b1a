"""Plug-ins of somebody else's: a module, and a line that registers what it holds."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest


def install(
    folder: Path, monkeypatch: pytest.MonkeyPatch, group: str, name: str, what: str, code: str
) -> None:
    """Make a class of some code importable, and register it under a name."""
    module = f"outside_{what.lower()}_{zlib.crc32(code.encode())}"  # modules are imported once
    folder.mkdir(exist_ok=True)
    (folder / f"{module}.py").write_text(code, encoding="utf-8")
    about = folder / f"{module}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[{group}]\n{name} = {module}:{what}\n")
    monkeypatch.syspath_prepend(str(folder))
