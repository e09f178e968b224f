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
from optimizer.elections.peers import Peer, peers
from optimizer.elections.tables import peer_table, selected_table, set_table

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
    "peer_table",
    "peers",
    "real_winners",
    "selected_table",
    "set_table",
    "to_problem",
]
