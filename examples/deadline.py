"""How many insights arrive in time? The same day under four deadlines, by the Python interface.

Run with ``python examples/deadline.py``; it takes a minute and writes nothing.
"""

import perigrid

ARCHITECTURES = ("bent-pipe", "relay", "onboard", "orbital")


def main() -> None:
    """Print insights delivered by deadline and architecture."""
    print("deadline", *(f"{name:>10}" for name in ARCHITECTURES))
    for hours in (0.5, 2, 6, 24):
        study = perigrid.load("three-body", overrides=(f"demand.deadline_hours={hours}",))
        result = study.compare(ARCHITECTURES).result["architectures"]
        counts = (result[name]["insights_delivered"] for name in ARCHITECTURES)
        print(f"{hours:6g} h", *(f"{count:10,}" for count in counts))


if __name__ == "__main__":
    main()
