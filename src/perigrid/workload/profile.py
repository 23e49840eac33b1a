"""What a pipeline stage costs on a processor: operations counted from the models, and a roofline.

The counts and measured times that go into the stages are in :mod:`perigrid.workload.measured`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import lightgbm

from perigrid.scenario.model import Computer
from perigrid.scenario.pipeline import Stage

HOST: Final = "host"
"""What runs on general cores, not on the accelerator."""

OPS_PER_NODE: Final = 2.0
"""A node visit compares one band with a threshold and picks a child."""

OPS_PER_MAC: Final = 2.0
"""A multiply and an add."""


@dataclass(frozen=True, slots=True)
class Convolution:
    """One convolution layer that keeps the size of its image."""

    side_px: int
    kernel_px: int
    channels_in: int
    channels_out: int

    @property
    def macs(self) -> int:
        """Multiply-accumulate operations of one image.

        Returns
        -------
        int
            Side squared times kernel squared times both channel counts.
        """
        return (self.side_px * self.kernel_px) ** 2 * self.channels_in * self.channels_out

    @property
    def parameters(self) -> int:
        """Weights and biases.

        Returns
        -------
        int
            Kernel squared times both channel counts, and one bias for each output.
        """
        return (self.kernel_px**2 * self.channels_in + 1) * self.channels_out


CLASSIFIER_LAYERS: Final = (
    Convolution(64, 3, 3, 32),
    Convolution(32, 3, 32, 64),
    Convolution(16, 3, 64, 96),
    Convolution(8, 3, 96, 96),
    Convolution(1, 1, 96, 10),  # the linear layer at the end
)
"""Layers of the shipped classifier; a pooling of two lies between the sizes."""


def stage_ops(stage: Stage, area_m2: float) -> float:
    """Operations of one stage on one scene.

    Parameters
    ----------
    stage : Stage
        Its operations for a pixel and the ground size of the pixel.
    area_m2 : float
        Ground area of the scene [m2].

    Returns
    -------
    float
        Operations, a multiply-accumulate being two [1].
    """
    return stage.ops_per_pixel * stage_pixels(stage, area_m2)


def stage_pixels(stage: Stage, area_m2: float) -> float:
    """Pixels that a stage reads of one scene.

    Parameters
    ----------
    stage : Stage
        Gives the ground size of the pixel.
    area_m2 : float
        Ground area of the scene [m2].

    Returns
    -------
    float
        Area over pixel area [1].
    """
    return area_m2 / stage.pixel_m**2


def stage_time_s(stage: Stage, computer: Computer, area_m2: float) -> float:
    """Time that one stage takes on one scene, on an idle processor at full clock.

    Parameters
    ----------
    stage : Stage
        Counts for a pixel, share of the peak reached, start-up.
    computer : Computer
        Peak operations and memory bandwidth.
    area_m2 : float
        Ground area of the scene [m2].

    Returns
    -------
    float
        Infinite if the stage does not fit in the computer's memory [s].

    Notes
    -----
    ``t = t_fixed + max(ops / (peak * efficiency), bytes / bandwidth)``: the roofline with an
    efficiency on its compute side. It assumes that transfers overlap computing. Where a time for
    each pixel is given instead, that counts.

    References
    ----------
    Williams, Waterman, Patterson 2009, Roofline: an insightful visual performance model,
    doi:10.1145/1498765.1498785.
    """
    if stage.memory_bytes > computer.memory_bytes:
        return math.inf
    pixels = stage_pixels(stage, area_m2)
    peak_ops_s = computer.host_ops_s if stage.runs_on == HOST else computer.peak_ops_s
    compute_s = pixels * stage.ops_per_pixel / (peak_ops_s * stage.efficiency)
    memory_s = pixels * stage.bytes_per_pixel / computer.memory_bandwidth_bytes_s
    return stage.fixed_s + pixels * stage.s_per_pixel + max(compute_s, memory_s)


def stage_power_w(stage: Stage, computer: Computer) -> float:
    """Power that a stage draws while it runs, above an idle processor.

    Parameters
    ----------
    stage : Stage
        Says which part of the processor it keeps busy.
    computer : Computer
        Power of its parts.

    Returns
    -------
    float
        Power of one slot [W].
    """
    if stage.runs_on == HOST:
        return computer.host_w / computer.slots
    return (computer.active_w - computer.idle_w) / computer.slots


def nodes_per_pixel(booster: lightgbm.Booster) -> float:
    """Node visits of one pixel on its way through every tree.

    Parameters
    ----------
    booster : lightgbm.Booster
        The trained trees, with the counts of training pixels in their leaves.

    Returns
    -------
    float
        Sum over the trees of the mean depth of a leaf, weighted by training pixels [1].
    """
    total = 0.0
    for tree in booster.dump_model()["tree_info"]:
        leaves = list(_leaves(tree["tree_structure"], 0))
        total += sum(d * n for d, n in leaves) / sum(n for _, n in leaves)
    return total


def _leaves(node: dict[str, Any], depth: int) -> Iterator[tuple[int, int]]:
    """Depth of every leaf below a node, and how many training pixels ended there."""
    if "left_child" not in node:
        yield depth, int(node.get("leaf_count", 1))
        return
    yield from _leaves(node["left_child"], depth + 1)
    yield from _leaves(node["right_child"], depth + 1)


def screen_ops_per_pixel(
    tree_nodes_per_pixel: float, average_over_px: int, dilation_px: int
) -> float:
    """Operations of cloud screening for one pixel.

    Parameters
    ----------
    tree_nodes_per_pixel : float
        From :func:`nodes_per_pixel` [1].
    average_over_px, dilation_px : int
        Radii of the two disks of the post-processing [pixels].

    Returns
    -------
    float
        Node visits and the multiply-adds of both disks [1].
    """
    disks = sum(
        1
        for radius in (average_over_px, dilation_px)
        for y in range(-radius, radius + 1)
        for x in range(-radius, radius + 1)
        if x * x + y * y <= radius * radius
    )
    return OPS_PER_NODE * tree_nodes_per_pixel + OPS_PER_MAC * disks


def classify_ops_per_pixel(layers: tuple[Convolution, ...] = CLASSIFIER_LAYERS) -> float:
    """Operations of the classifier for one pixel of its input.

    Parameters
    ----------
    layers : tuple of Convolution
        In order; the first gives the size of the input.

    Returns
    -------
    float
        Twice the multiply-accumulates of an image over its pixels [1].
    """
    return OPS_PER_MAC * sum(layer.macs for layer in layers) / layers[0].side_px ** 2


def classify_bytes_per_pixel(
    bytes_per_value: float, layers: tuple[Convolution, ...] = CLASSIFIER_LAYERS
) -> float:
    """Memory traffic of the classifier for one pixel, if no two layers are fused.

    Parameters
    ----------
    bytes_per_value : float
        Size of an activation [B].
    layers : tuple of Convolution
        In order.

    Returns
    -------
    float
        Every activation written and read once, and the three input bytes [B].
    """
    values = sum(layer.side_px**2 * layer.channels_out for layer in layers)
    pooled = sum(after.side_px**2 * after.channels_in for after in layers[1:] if after.side_px > 1)
    return 3.0 + 2.0 * bytes_per_value * (values + pooled) / layers[0].side_px ** 2
