"""What of a composition bounds it: what has to cross into the ground, how large, by what links."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from perigrid.base.architecture import IN_ORBIT, Architecture, ComputePlace
from perigrid.base.jobs import Job, Product
from perigrid.base.units import BITS_PER_BYTE
from perigrid.fleet.model import ContactKind, Contacts
from perigrid.scenario.compositions import sent_down
from perigrid.scenario.pipeline import Pipeline
from perigrid.workload.job_graph import Ways


@dataclass(frozen=True, slots=True)
class Crossing:
    """What of a composition bounds it.

    Parameters
    ----------
    places : frozenset of ComputePlace
        Of all stages, if satellites run all of them; else none.
    ground : frozenset of str
        Stages that only data centres run.
    crossing : tuple of Product
        What may have to get to the ground.
    links : dict of Product to frozenset of ContactKind
        What may carry each.
    answer_bytes, most_bytes : float
        Size of the smallest answer and of the largest [B].
    widest_bytes : dict of Product to float
        The most that a window into the ground carries of each [B].
    """

    places: frozenset[ComputePlace]
    ground: frozenset[str]
    crossing: tuple[Product, ...]
    links: dict[Product, frozenset[ContactKind]]
    answer_bytes: float
    most_bytes: float
    widest_bytes: dict[Product, float]

    @property
    def in_orbit(self) -> bool:
        """Whether satellites do all the work, each job's on one of them."""
        return bool(self.places)

    def nbytes(self, job: Job) -> float:
        """Size of the smallest that crosses [B]."""
        sizes = {Product.RAW: job.raw_bytes, Product.ANSWER: self.answer_bytes}
        return min(sizes[product] for product in self.crossing)

    def in_parts(self, job: Job) -> bool:
        """Whether something of a job may go down in parts: it is larger than any window."""
        sizes = {Product.RAW: job.raw_bytes, Product.ANSWER: self.most_bytes}
        return any(sizes[product] > self.widest_bytes[product] > 0.0 for product in self.crossing)


def crossing_of(
    architecture: Architecture, pipeline: Pipeline, paths: Ways, into: Contacts
) -> Crossing:
    """Say what crosses into the ground under an architecture.

    Parameters
    ----------
    architecture, pipeline
        Where stages run, and what they make.
    paths : sequence
        Ways that jobs take through the pipeline.
    into : Contacts
        All that lead to a ground node.

    Returns
    -------
    Crossing
        With the least and the largest answer of any way.
    """
    places = [architecture.places(stage.name) for stage in pipeline.stages]
    alike = all(one == places[0] for one in places)
    down = sent_down(architecture, pipeline)
    sizes = [sum(stage.output_bytes for stage in path if stage.deliver) for path in paths]
    links = {product: ContactKind.of(architecture.links(product)) for product in Product}
    carries = {one: np.isin(into.kind, [int(kind) for kind in links[one]]) for one in Product}
    volumes = (into.t_end_s - into.t_start_s) * into.rate_bps / BITS_PER_BYTE
    return Crossing(
        places[0] if alike and places[0] <= IN_ORBIT else frozenset(),
        frozenset(
            stage.name
            for stage, there in zip(pipeline.stages, places, strict=True)
            if not there & IN_ORBIT
        ),
        tuple(Product(one) for one in down),
        links,
        min(sizes, default=0.0),
        sum(stage.output_bytes for stage in pipeline.stages if stage.deliver),
        {one: float(volumes[takes].max(initial=0.0)) for one, takes in carries.items()},
    )
