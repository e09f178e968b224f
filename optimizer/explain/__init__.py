"""Why: for every proposal of a plan a card, and for every account how full it is.

A card says which rules bind, at which volume or with how much swadaya a proposal fits, whom it
would displace, how much support it lacks or can lose. The sentences stand in the phrases
``explain.*``; what could invite canvassing is left out of the public text.
"""

from optimizer.explain.accounts import explain_accounts, explain_pagu
from optimizer.explain.binding import Binding, Fit
from optimizer.explain.card import AccountCard, Card, PaguCard
from optimizer.explain.explainer import Explainer, explain
from optimizer.explain.moves import Move

__all__ = [
    "AccountCard",
    "Binding",
    "Card",
    "Explainer",
    "Fit",
    "Move",
    "PaguCard",
    "explain",
    "explain_accounts",
    "explain_pagu",
]
