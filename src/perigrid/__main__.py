"""``python -m perigrid`` is the command line."""

from __future__ import annotations

from perigrid.cli.main import main

if __name__ == "__main__":
    main()
