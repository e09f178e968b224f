"""Real elections planned anew: the proved optimum, the rule a file declares, rules as practised."""

from optimizer.elections.declared import (
    Breach,
    DeclaredRule,
    breaches,
    declared_rule,
    eligible,
    greedy,
    real_winners,
)
from optimizer.elections.optimum import Optimum, optimum, to_problem
from optimizer.elections.peers import Peer, peers, peers_table

__all__ = [
    "Breach",
    "DeclaredRule",
    "Optimum",
    "Peer",
    "breaches",
    "declared_rule",
    "eligible",
    "greedy",
    "optimum",
    "peers",
    "peers_table",
    "real_winners",
    "to_problem",
]
