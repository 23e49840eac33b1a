"""A binary heap of numbered items whose keys stand in an array, for compiled loops."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from perigrid.physics.compiled import part

Floats = npt.NDArray[np.float64]
Nodes = npt.NDArray[np.int32]


@part
def move_up(key: Floats, heap: Nodes, place: Nodes, item: int, size: int) -> int:
    """Put an item into the heap, or move it up after its key has become less.

    Parameters
    ----------
    key : (n,) float array
        Key of every item; the least comes first.
    heap : (n,) int32 array
        Items in the heap's order.
    place : (n,) int32 array
        Where each item stands; -1 for those that are not in the heap.
    item : int
        Which.
    size : int
        Items in the heap.

    Returns
    -------
    int
        Items in the heap now.
    """
    at = place[item]
    if at < 0:
        at = size
        size += 1
    while at > 0:
        above = heap[(at - 1) >> 1]
        if key[above] <= key[item]:
            break
        heap[at], place[above] = above, at
        at = (at - 1) >> 1
    heap[at], place[item] = item, at
    return size


@part
def take_first(key: Floats, heap: Nodes, place: Nodes, size: int) -> int:
    """Take the item with the least key out; the heap has one item less afterwards.

    Parameters
    ----------
    key, heap, place : array
        As in :func:`move_up`.
    size : int
        Items in the heap, at least 1.

    Returns
    -------
    int
        The item, which no longer has a place.
    """
    top, last = heap[0], heap[size - 1]
    at, child = 0, 1
    while child < size - 1:
        if child + 1 < size - 1 and key[heap[child + 1]] < key[heap[child]]:
            child += 1
        if key[heap[child]] >= key[last]:
            break
        heap[at], place[heap[child]] = heap[child], at
        at, child = child, 2 * child + 1
    heap[at], place[last] = last, at
    place[top] = -1
    return int(top)
