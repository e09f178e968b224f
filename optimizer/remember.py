"""Pure functions of short texts, remembered: a long list says the same few things many times."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar, cast

__all__ = ["remembered"]

_F = TypeVar("_F", bound=Callable[..., object])
_MOST = 1 << 16


def remembered(function: _F) -> _F:
    """Keep the latest answers of a function; ``1``, ``1.0`` and ``True`` are told apart."""
    return cast(_F, lru_cache(maxsize=_MOST, typed=True)(function))
