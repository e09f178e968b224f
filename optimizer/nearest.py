"""Did you mean …?"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["nearest"]

_LONGEST = 100


def nearest(text: str, known: Iterable[str], cutoff: float = 0.0) -> str:
    """The known name nearest to what was written, whatever its capitals; empty where none is.

    Parameters
    ----------
    cutoff : float
        How alike they must be, from 0 (anything) to 1 (the same).

    Examples
    --------
    >>> nearest("Kesehatn", ["ekonomi", "kesehatan"]), nearest("seni", ["ekonomi"], 0.6)
    ('kesehatan', '')
    """
    folded = {name.casefold(): name for name in sorted(known, reverse=True)}
    found = get_close_matches(text.casefold()[:_LONGEST], folded, n=1, cutoff=cutoff)
    return folded[found[0]] if found else ""
