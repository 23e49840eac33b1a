"""The block of states that the kernels work on.

A block holds ``BLOCK`` times of one satellite, a row per quantity, in one flat array. Its length
and the places of its rows are known when the kernels are compiled, so that loops over a block turn
into vector instructions without a remainder, and every state meets the same instructions wherever
it stands in the caller's arrays.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.physics.orbit.sgp4.trigonometry import part

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]

BLOCK: Final = 64
"""Times in a block."""

# First places of the rows.
TIME: Final = 0 * BLOCK  # after the epoch [min]
X: Final = 1 * BLOCK  # position [m]
Y: Final = 2 * BLOCK
Z: Final = 3 * BLOCK
VX: Final = 4 * BLOCK  # velocity [m/s]
VY: Final = 5 * BLOCK
VZ: Final = 6 * BLOCK
CODE: Final = 7 * BLOCK  # error code, or UNFIT
ECCENTRICITY: Final = 8 * BLOCK
PERIGEE: Final = 9 * BLOCK  # argument of perigee
NODE: Final = 10 * BLOCK
LONGITUDE: Final = 11 * BLOCK  # mean longitude from the node
MEAN: Final = 12 * BLOCK  # mean anomaly
ROOT: Final = 13 * BLOCK  # square root of the axis
PER_ROOT: Final = 14 * BLOCK
SINE_I: Final = 15 * BLOCK
COSINE_I: Final = 16 * BLOCK
AXN: Final = 17 * BLOCK  # eccentricity's vector, from the node
AYN: Final = 18 * BLOCK
SINE_E: Final = 19 * BLOCK  # of the eccentric longitude
COSINE_E: Final = 20 * BLOCK
PER_RADIUS: Final = 21 * BLOCK  # 1 / (1 - e cos E)
SINE_U: Final = 22 * BLOCK  # of the true longitude
COSINE_U: Final = 23 * BLOCK
RADIUS: Final = 24 * BLOCK  # [m]
OUTWARD: Final = 25 * BLOCK  # velocity along the radius and across it [m/s]
ALONG: Final = 26 * BLOCK
ANOMALY: Final = 27 * BLOCK  # eccentric longitude
STEP: Final = 28 * BLOCK  # its last correction
FOCUS: Final = 29 * BLOCK  # semi-latus rectum
MOTION: Final = 30 * BLOCK  # mean motion
INCLINATION: Final = 31 * BLOCK
ECCENTRICITY_CHANGE: Final = 32 * BLOCK  # periodic terms of Sun and Moon, as the next four
INCLINATION_CHANGE: Final = 33 * BLOCK
ANOMALY_CHANGE: Final = 34 * BLOCK
PERIGEE_CHANGE: Final = 35 * BLOCK
NODE_CHANGE: Final = 36 * BLOCK
SCRATCH: Final = 37 * BLOCK
"""Floats of a block."""

UNFIT: Final = 255
"""Code of a state that the kernel for near-circular orbits leaves to the general one."""


@part
def load_times(block: Floats, t_min: Floats, first: int, age_min: float) -> None:
    """Put the times from ``first`` on into a block; beyond the end repeat the last one."""
    # A slice starts at 0 for the compiler, which need not reckon with negative places then.
    some = t_min[first : first + BLOCK]
    count = len(some)
    for j in range(count):
        block[TIME + j] = age_min + some[j]
    for j in range(count, BLOCK):
        block[TIME + j] = age_min + some[count - 1]


@part
def store_states(
    block: Floats, position: Floats, velocity: Floats, error: Codes, row: int, first: int
) -> None:
    """Copy what a block holds to where the caller wants it."""
    for axis in range(3):
        _copy(block[X + axis * BLOCK :], position[axis, row, first : first + BLOCK])
        _copy(block[VX + axis * BLOCK :], velocity[axis, row, first : first + BLOCK])
    codes = error[row, first : first + BLOCK]
    for j in range(len(codes)):
        codes[j] = np.uint8(block[CODE + j])


@part
def _copy(source: Floats, target: Floats) -> None:
    """Copy as many as the target takes."""
    for j in range(len(target)):
        target[j] = source[j]


@part
def count_unfit(codes: Codes) -> int:
    """Count the states that the near-circular kernel left to the general one."""
    count = 0
    for j in range(len(codes)):
        count += 1 if codes[j] == UNFIT else 0
    return count


@part
def store_unfit(
    block: Floats, position: Floats, velocity: Floats, error: Codes, row: int, first: int
) -> None:
    """Copy the states that the caller's codes mark as unfit, and their codes."""
    codes = error[row, first : first + BLOCK]
    for j in range(len(codes)):
        if codes[j] == UNFIT:
            for axis in range(3):
                position[axis, row, first + j] = block[X + axis * BLOCK + j]
                velocity[axis, row, first + j] = block[VX + axis * BLOCK + j]
            codes[j] = np.uint8(block[CODE + j])


def new_block() -> Floats:
    """Make room for a block, its rows at the start of cache lines.

    Returns
    -------
    (SCRATCH,) float array
        Not initialised.
    """
    room = np.empty(SCRATCH + _FLOATS_PER_LINE)
    first = -room.ctypes.data % _BYTES_PER_LINE // room.itemsize
    return room[first : first + SCRATCH]


_BYTES_PER_LINE: Final = 64
_FLOATS_PER_LINE: Final = 8
