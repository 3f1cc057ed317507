"""`python -m scenes`: the command `backprop`."""

from __future__ import annotations

from scenes.command import main

if __name__ == "__main__":
    main()
