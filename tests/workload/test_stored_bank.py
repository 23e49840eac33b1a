import json

import numpy as np
import pytest

from perigrid.workload.scene_bank import Confusion, SceneBank
from perigrid.workload.stored_bank import read_scenes, scenes_text

BANK = SceneBank(
    np.array([0.25, np.nan]),
    np.array([0.125, 1.0]),
    ("generated", "real:one"),
    ("sea", ""),
    0.7,
    Confusion(1, 0, 0, 0),
    Confusion(10, 2, 3, 4),
    4096,
    16,
    {"detector": "7"},
    (),
)


def test_what_observations_are_given_comes_back():
    text = scenes_text(BANK)
    again = read_scenes(text, {"detector": "7"})
    assert scenes_text(again) == text
    assert again.n_generated == BANK.n_generated == 1
    assert np.array_equal(again.cloud_truth, BANK.cloud_truth, equal_nan=True)
    assert (again.precision, again.pixels, again.provenance) == (
        1.0,
        BANK.pixels,
        {"detector": "7"},
    )


@pytest.mark.parametrize(
    "change",
    [
        *({"cloud_seen": [0.1]}, {"cloud_seen": ["a", "b"]}, {"origin": 7}, {"scenes": {}}),
        *({"drop_above_cloud": "x"}, {"executed_pixels": 1.5}, {"more": 1}, {"origin": [None, 1]}),
        *({"cloud_truth": [10**400, 1]}, {"cloud_truth": [1, 0.5]}),
    ],
)
def test_what_no_bank_writes_is_refused(change):
    content = json.loads(scenes_text(BANK)) | change
    with pytest.raises(ValueError, match="scenes"):
        read_scenes(json.dumps(content, sort_keys=True), {})
    for text in ("", "[]", "{", "7", "{}"):
        with pytest.raises(ValueError, match=r".*"):
            read_scenes(text, {})
