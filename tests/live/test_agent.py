import math

import pytest

from approval_cases import ROSTER, stop
from perigrid.control.policy.approval.orders import OrderBook
from perigrid.live.agent import Agent, Finding, Inbox, Models, NotBegun, Order
from perigrid.scenario.pipeline import CLOUD_DETECTOR, LAND_CLASSIFIER
from perigrid.sim.world import World
from perigrid.workload.classifier import Classifier
from perigrid.workload.measured import classify_stage, screen_stage

SCREEN, CLASSIFY = screen_stage(), classify_stage()


@pytest.fixture(scope="module")
def models(live_world: World) -> Models:
    return Models(live_world.bank.recipes)


def answers_of(inbox: Inbox, count: int) -> list:
    answers = []
    while len(answers) < count:
        assert inbox.arrived.wait(30.0)
        answers += inbox.take_all()
    return answers


def test_many_agents_at_once_answer_as_the_bank_does(live_world: World, models: Models) -> None:
    """LightGBM alone would not: threads on one model falsify each other's answers."""
    inbox = Inbox()
    agents = [Agent(f"{number}", models, inbox, lambda: 7.0) for number in range(4)]
    orders = [Order(job, job.origin, SCREEN) for job in live_world.jobs[:8]]
    for number, order in enumerate(orders):
        agents[number % 4].submit(order)
    answers = answers_of(inbox, len(orders))
    for agent in agents:
        agent.stop()
        agent.join()
    assert {answer.order.job.job_id for answer in answers} == {o.job.job_id for o in orders}
    for answer in answers:
        assert answer.t_end_s == 7.0
        assert answer.finding.cloud_seen == live_world.bank.cloud_seen[answer.order.job.scene]


def test_the_classifier_looks_at_the_scene_of_the_job(live_world: World, models: Models) -> None:
    classifier = Classifier()
    found = {scene: models.run(LAND_CLASSIFIER, scene) for scene in range(len(live_world.bank))}
    for scene, finding in found.items():
        picture = live_world.bank.recipes[scene].draw().rgb
        labels, _ = classifier.classify(picture[None])
        assert finding.land_cover == classifier.classes[labels[0]]
    assert len({finding.land_cover for finding in found.values()}) > 1


def test_a_failure_is_answered_and_the_agent_lives_on(live_world: World) -> None:
    class Moody:
        def run(self, model: str, scene: int) -> Finding:
            if model == CLOUD_DETECTOR:
                raise MemoryError("no room")
            return Finding(land_cover="Forest")

    inbox, job = Inbox(), live_world.jobs[0]
    agent = Agent("moody", Moody(), inbox, lambda: 0.0)
    agent.submit(Order(job, 0, SCREEN))
    agent.submit(Order(job, 0, CLASSIFY))
    first, second = answers_of(inbox, 2)
    agent.stop()
    agent.join()
    assert isinstance(first.finding, MemoryError)
    assert second.finding == Finding(land_cover="Forest")


def test_what_waits_behind_a_stop_stays_undone(live_world: World) -> None:
    class Slow:
        def run(self, model: str, scene: int) -> Finding:
            agent.stop()
            return Finding()

    inbox, job = Inbox(), live_world.jobs[0]
    agent = Agent("slow", Slow(), inbox, lambda: 0.0)
    for _ in range(3):
        agent.submit(Order(job, 0, SCREEN))
    agent.join()
    assert len(inbox.take_all()) == 1


def test_nothing_is_begun_without_authority_or_under_a_stop(live_world: World) -> None:
    inbox, job, orders = Inbox(), live_world.jobs[0], OrderBook(ROSTER)
    assert orders.add(stop(nodes=("held",), expires_s=50.0), 20.0) is None

    class Quick:
        def run(self, model: str, scene: int) -> Finding:
            return Finding(land_cover="Forest")

    for name, t_s, expires_s, begun in (
        ("held", 30.0, math.inf, False),
        ("held", 50.0, math.inf, True),
        ("free", 30.0, 30.0, False),
        ("free", 30.0, math.nan, False),
        ("free", 30.0, 31.0, True),
    ):
        agent = Agent(name, Quick(), inbox, lambda t_s=t_s: t_s, orders)
        agent.submit(Order(job, 0, CLASSIFY, expires_s))
        (answer,) = answers_of(inbox, 1)
        agent.stop()
        agent.join()
        assert isinstance(answer.finding, Finding if begun else NotBegun)
