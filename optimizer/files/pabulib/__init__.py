"""Participatory-budgeting elections in Pabulib's ``.pb`` format: read, count, replay, write.

Format: sections META, PROJECTS and VOTES, cells separated by ``;`` (Faliszewski et al.,
"Participatory Budgeting: Data, Tools, and Analysis", IJCAI 2023).
"""

from optimizer.files.pabulib.counting import Measure, counted, measure, mentions
from optimizer.files.pabulib.model import Ballot, Election, Number, Project, VoteType
from optimizer.files.pabulib.peers import Peer, peers, peers_table
from optimizer.files.pabulib.planning import Optimum, optimum, to_problem
from optimizer.files.pabulib.reader import read_pb
from optimizer.files.pabulib.rules import (
    Breach,
    DeclaredRule,
    breaches,
    declared_rule,
    eligible,
    greedy,
    real_winners,
)
from optimizer.files.pabulib.writer import write_pb

__all__ = [
    "Ballot",
    "Breach",
    "DeclaredRule",
    "Election",
    "Measure",
    "Number",
    "Optimum",
    "Peer",
    "Project",
    "VoteType",
    "breaches",
    "counted",
    "declared_rule",
    "eligible",
    "greedy",
    "measure",
    "mentions",
    "optimum",
    "peers",
    "peers_table",
    "read_pb",
    "real_winners",
    "to_problem",
    "write_pb",
]
