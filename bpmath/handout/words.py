"""The words of the document by language: each is a table of its own with the same keys.

{placeholders} are filled with formulas and numbers; "key.one" takes the place of "key" for a count of 1.
"""

from __future__ import annotations

from collections.abc import Mapping

from bpmath.handout.chinese import CHINESE
from bpmath.handout.english import ENGLISH

WORDS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "zh": CHINESE}
