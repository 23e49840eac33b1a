"""What the models said of each scene, as one canonical text that a run folder keeps, and back."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import Any, Final

import numpy as np

from perigrid.base.codec import canonical_json
from perigrid.workload.scene_bank import Confusion, Floats, SceneBank

FILE_NAME: Final = "scenes.json"
_COLUMNS: Final = ("cloud_truth", "cloud_seen")
_PLAIN: Final = {
    "drop_above_cloud": float,
    "executed_pixels": int,
    "classified_patches": int,
}


def scenes_text(bank: SceneBank) -> str:
    """Write what observations are given of a bank.

    Parameters
    ----------
    bank : SceneBank
        Executed scenes; by which models, and how to draw them again, is left out.

    Returns
    -------
    str
        Canonical JSON; null where nobody knows the truth.
    """
    content: dict[str, Any] = {
        name: [None if math.isnan(one) else one for one in getattr(bank, name).tolist()]
        for name in _COLUMNS
    }
    content |= {name: getattr(bank, name) for name in _PLAIN}
    content |= {name: dataclasses.asdict(getattr(bank, name)) for name in ("scenes", "pixels")}
    content["origin"] = list(bank.origin)
    return canonical_json(content)


def read_scenes(text: str, provenance: dict[str, str]) -> SceneBank:
    """Rebuild a bank; its scenes cannot be drawn again.

    Parameters
    ----------
    text : str
        From :func:`scenes_text`.
    provenance : dict of str to str
        Of the models.

    Returns
    -------
    SceneBank
        Gives observations what the original gives them.

    Raises
    ------
    ValueError
        If the text is not one that :func:`scenes_text` writes.
    """
    try:
        bank = _rebuilt(json.loads(text), provenance)
    except (TypeError, ValueError, KeyError, RecursionError, OverflowError) as error:
        raise ValueError(f"this tells of no executed scenes: {error}") from error
    if scenes_text(bank) != text:
        raise ValueError("this tells of no executed scenes, in the one way it is written")
    return bank


def _rebuilt(content: dict[str, Any], provenance: dict[str, str]) -> SceneBank:
    origin = tuple(map(str, content["origin"]))
    truth, seen = (_column(content[name], len(origin)) for name in _COLUMNS)
    for name, kind in _PLAIN.items():
        if type(content[name]) is not kind:
            raise TypeError(name)
    return SceneBank(
        truth,
        seen,
        origin=origin,
        landscape=("",) * len(origin),
        drop_above_cloud=content["drop_above_cloud"],
        scenes=Confusion(**content["scenes"]),
        pixels=Confusion(**content["pixels"]),
        executed_pixels=content["executed_pixels"],
        classified_patches=content["classified_patches"],
        provenance=provenance,
        recipes=(),
    )


def _column(values: list[float | None], length: int) -> Floats:
    column = np.array([math.nan if one is None else float(one) for one in values], dtype=np.float64)
    if len(column) != length:
        raise ValueError("this tells of other numbers of scenes in different places")
    return column
