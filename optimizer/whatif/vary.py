"""``PATH=v1,v2,…`` and ``PATH=a:b:n``: which numbers are varied, and over which values."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction

from optimizer.errors import PolicyError, RembugError, ScenarioError
from optimizer.files.scenarios import vary
from optimizer.record.scenario import Scenario

__all__ = ["MOST_POINTS", "check_values", "decimal", "parse_vary"]

MOST_POINTS = 10_000
# Places behind the comma of values between the ends of a range.
PLACES = 6
_NO_SUCH = frozenset({"unknown_path", "no_evenness", "policy_unknown"})
_WHOLE = ("unit_price", "own_funds", "pagu")


def parse_vary(text: str) -> tuple[str, tuple[str, ...]]:
    """Read one variation.

    Returns
    -------
    path, values
        Values as text, as :func:`optimizer.files.scenarios.vary` takes them.

    Raises
    ------
    ScenarioError
        ``vary_form`` where it cannot be read, ``vary_points`` beyond :data:`MOST_POINTS`.

    Examples
    --------
    >>> parse_vary("joint_share=0.3:0.4:3")
    ('joint_share', ('0.3', '0.35', '0.4'))
    >>> parse_vary("pagu=-25%,0%,25%")
    ('pagu', ('-25%', '0%', '25%'))
    """
    path, equals, listed = text.partition("=")
    path = path.strip()
    if not path or not equals:
        raise ScenarioError("vary_form", text=text)
    if listed.count(":") == 2:
        return path, _range(text, path, listed)
    values = tuple(dict.fromkeys(v.strip() for v in listed.split(",")))
    if not all(values):
        raise ScenarioError("vary_form", text=text)
    return path, values


def _range(text: str, path: str, listed: str) -> tuple[str, ...]:
    """``n`` values at equal distances, ends included."""
    low, high, count = (part.strip() for part in listed.split(":"))
    percent = low.endswith("%") or high.endswith("%")
    try:
        start, stop = (Fraction(Decimal(end.rstrip("%"))) for end in (low, high))
        points = int(count)
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise ScenarioError("vary_form", text=text) from error
    if not 2 <= points <= MOST_POINTS:
        raise ScenarioError("vary_points", text=text, most=MOST_POINTS)
    places = 0 if path.endswith(_WHOLE) and not percent else PLACES
    values = (
        decimal(start + (stop - start) * Fraction(k, points - 1), places) for k in range(points)
    )
    return tuple(dict.fromkeys(v + "%" * percent for v in values))


def decimal(value: Fraction, places: int = PLACES) -> str:
    """A number in decimals, without zeros that say nothing."""
    scaled = round(value * 10**places)
    text = format(Decimal(scaled).scaleb(-places), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def check_values(scenario: Scenario, path: str, values: tuple[str, ...]) -> None:
    """Refuse a path that names nothing, and values of which not one can be used.

    Raises
    ------
    ScenarioError, PolicyError
        As :func:`optimizer.files.scenarios.vary` raises them.
    """
    first: RembugError | None = None
    usable = False
    for value in values:
        try:
            vary(scenario, path, value)
        except (ScenarioError, PolicyError) as error:
            if error.code in _NO_SUCH:
                raise
            first = first or error
        else:
            usable = True
    if first is not None and not usable:
        raise first
