"""An agent: the computer of one node, a thread that runs the real models on its queue of orders."""

from __future__ import annotations

import math
import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from perigrid.base.jobs import Job
from perigrid.control.policy.approval.orders import OrderBook
from perigrid.fleet.model import Fleet
from perigrid.scenario.pipeline import CLOUD_DETECTOR, Stage
from perigrid.workload.classifier import Classifier
from perigrid.workload.cloud_detector import CloudDetector
from perigrid.workload.scenes import SceneRecipe


@dataclass(frozen=True, slots=True)
class Order:
    """A stage of a job, to be run on the agent's node, begun before ``expires_s`` or not at all."""

    job: Job
    node: int
    stage: Stage
    expires_s: float = math.inf


@dataclass(frozen=True, slots=True)
class Finding:
    """What a model said: the detector's cloud fraction, or the classifier's land cover."""

    cloud_seen: float = float("nan")
    land_cover: str = ""


@dataclass(frozen=True, slots=True)
class NotBegun:
    """The authority of an order had expired, or a stop had come, when its turn came."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An order that ended at ``t_end_s`` on the mission clock, with its finding or its failure."""

    order: Order
    t_end_s: float
    finding: Finding | NotBegun | Exception


class Inbox:
    """Answers on their way to the runner; ``arrived`` is set while one may be waiting."""

    def __init__(self) -> None:
        self._answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self.arrived = threading.Event()

    def put(self, answer: Answer) -> None:
        """Hand an answer over, from any thread.

        Parameters
        ----------
        answer : Answer
            Of an order.
        """
        self._answers.put(answer)
        self.arrived.set()

    def take_all(self) -> list[Answer]:
        """Take what has arrived.

        Returns
        -------
        list of Answer
            In order of arrival.
        """
        self.arrived.clear()  # before looking: what comes later sets it again
        answers = []
        while not self._answers.empty():
            answers.append(self._answers.get())
        return answers


class Models:
    """The real models and the scenes they look at, shared by the agents of one process.

    Parameters
    ----------
    recipes : sequence of SceneRecipe
        Draw every scene of the bank again; a job's ``scene`` is its index.

    Raises
    ------
    WorkError
        If a model is missing or damaged.

    Notes
    -----
    One prediction of the detector at a time: LightGBM keeps the range of trees of a prediction in
    the model, so that two threads falsify each other's answers. A copy for each agent costs 0.3 s
    and measured no faster, since most of the time is spent under the interpreter's lock.
    """

    def __init__(self, recipes: Sequence[SceneRecipe]) -> None:
        self._recipes = recipes
        self._detector = CloudDetector()
        self._detector_lock = threading.Lock()
        self._classifier = Classifier()

    def run(self, model: str, scene: int) -> Finding:
        """Run a model.

        Parameters
        ----------
        model : str
            As a stage's ``executes`` says; nothing is run for a stage that has none.
        scene : int
            Row of the bank.

        Returns
        -------
        Finding
            What the model said.
        """
        if not model:
            return Finding()
        pixels = self._recipes[scene].draw()
        if model == CLOUD_DETECTOR:
            with self._detector_lock:
                return Finding(cloud_seen=self._detector.cloud_fraction(pixels.reflectance))
        labels, _ = self._classifier.classify(pixels.rgb[np.newaxis])
        return Finding(land_cover=self._classifier.classes[labels[0]])


class Agent:
    """Runs orders one after the other on a thread of its own.

    Parameters
    ----------
    name : str
        Of the node.
    models : Models
        What it runs.
    inbox : Inbox
        Where answers go, failures too.
    now_s : callable
        The mission clock [s].
    orders : OrderBook, optional
        People's orders: once it is stopped it begins nothing, not even what waits in its queue.
    groups : iterable of str
        Other names under which it may be stopped.
    """

    def __init__(
        self,
        name: str,
        models: Models,
        inbox: Inbox,
        now_s: Callable[[], float],
        orders: OrderBook | None = None,
        groups: Iterable[str] = (),
    ) -> None:
        self._called = frozenset({name, *groups})
        self._stops = orders
        self._models = models
        self._inbox = inbox
        self._now_s = now_s
        self._orders: queue.SimpleQueue[Order | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name=f"agent {name}", daemon=True)
        self._thread.start()

    def submit(self, order: Order) -> None:
        """Put an order at the end of the queue.

        Parameters
        ----------
        order : Order
            To be answered into the inbox.
        """
        self._orders.put(order)

    def stop(self) -> None:
        """Ask it to end after the order in hand; those behind stay unanswered."""
        self._stopping.set()
        self._orders.put(None)

    def join(self) -> None:
        """Wait until its thread has ended."""
        self._thread.join()

    def _work(self) -> None:
        while (order := self._orders.get()) is not None and not self._stopping.is_set():
            finding = self._look(order)
            self._inbox.put(Answer(order, self._now_s(), finding))

    def _look(self, order: Order) -> Finding | NotBegun | Exception:
        t_s = self._now_s()
        stops = self._stops
        stopped = stops is not None and stops.stopped_until_s(self._called, t_s) is not None
        if not t_s < order.expires_s or stopped:
            return NotBegun()
        try:
            return self._models.run(order.stage.executes, order.job.scene)
        except Exception as error:  # noqa: BLE001  unanswered, the runner would wait for ever
            return error


@contextmanager
def running_agents(
    fleet: Fleet, models: Models, inbox: Inbox, now_s: Callable[[], float], orders: OrderBook
) -> Iterator[dict[int, Agent]]:
    """Run one agent for every node with a computer; all are ended on the way out.

    Parameters
    ----------
    fleet : Fleet
        The nodes.
    models : Models
        What they run.
    inbox : Inbox
        Where they answer.
    now_s : callable
        Mission time [s].
    orders : OrderBook
        Stops that hold them.

    Yields
    ------
    dict of int to Agent
        By fleet row.
    """
    agents: dict[int, Agent] = {}
    try:
        for row, name in enumerate(fleet.names):
            if fleet.computer(row) is not None:
                agents[row] = Agent(name, models, inbox, now_s, orders, fleet.called(row))
        yield agents
    finally:
        for agent in agents.values():
            agent.stop()
        for agent in agents.values():
            agent.join()
