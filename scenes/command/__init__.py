"""The command `backprop`: list the lessons, render them, write the derivation, make the page.

What you can do here: `backprop list`, `backprop render`, `backprop derive`, `backprop player`; each says with
`--help` what it takes.  Its exit code is 0 when all went well, 1 when something could not be done, and 2 when
it was asked for something that there is not.
"""

from scenes.command.commands import backprop, main

__all__ = ["backprop", "main"]
