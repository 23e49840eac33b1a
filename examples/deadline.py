"""How many insights arrive in time? The same day under four deadlines, by the Python interface.

Run with ``python examples/deadline.py``; it takes a minute and writes nothing.
"""

import perigrid


def main(
    scenario: str = "three-body",
    architectures: tuple[str, ...] = ("bent-pipe", "relay", "onboard", "orbital"),
    deadlines_hours: tuple[float, ...] = (0.5, 2, 6, 24),
) -> None:
    """Print insights delivered by deadline and architecture."""
    print("deadline", *(f"{name:>10}" for name in architectures))
    for hours in deadlines_hours:
        study = perigrid.load(scenario, overrides=(f"demand.deadline_hours={hours}",))
        result = study.compare(architectures).result["architectures"]
        counts = (result[name]["insights_delivered"] for name in architectures)
        print(f"{hours:6g} h", *(f"{count:10,}" for count in counts))


if __name__ == "__main__":
    main()
