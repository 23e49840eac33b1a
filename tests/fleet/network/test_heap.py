import numpy as np

from perigrid.fleet.network.heap import move_up, take_first


def test_items_come_out_by_their_keys_though_keys_fall_meanwhile():
    random = np.random.default_rng(3)
    key = random.random(200)
    heap, place = np.empty(200, dtype=np.int32), np.full(200, -1, dtype=np.int32)
    size = 0
    for item in range(200):
        size = move_up(key, heap, place, item, size)
    assert size == 200
    for item in range(0, 200, 3):
        key[item] *= 0.25
        size = move_up(key, heap, place, item, size)
    assert size == 200
    out = []
    while size:
        out.append(take_first(key, heap, place, size))
        size -= 1
    assert out == np.argsort(key).tolist()
    assert (place == -1).all()


def test_an_item_may_come_back():
    key = np.array([1.0, 2.0])
    heap, place = np.empty(2, dtype=np.int32), np.full(2, -1, dtype=np.int32)
    size = move_up(key, heap, place, 1, move_up(key, heap, place, 0, 0))
    assert take_first(key, heap, place, size) == 0
    key[0] = 3.0
    assert move_up(key, heap, place, 0, 1) == 2
    assert take_first(key, heap, place, 2) == 1
    assert take_first(key, heap, place, 1) == 0
