"""Participatory-budgeting elections in Pabulib's ``.pb`` format: read, count, write.

Format: sections META, PROJECTS and VOTES, cells separated by ``;`` (Faliszewski et al.,
"Participatory Budgeting: Data, Tools, and Analysis", IJCAI 2023).
"""

from optimizer.files.pabulib.counting import Measure, counted, measure, mentions
from optimizer.files.pabulib.election import Ballot, Election, Number, Project, VoteType
from optimizer.files.pabulib.reader import read_pb
from optimizer.files.pabulib.writer import write_pb

__all__ = [
    "Ballot",
    "Election",
    "Measure",
    "Number",
    "Project",
    "VoteType",
    "counted",
    "measure",
    "mentions",
    "read_pb",
    "write_pb",
]
