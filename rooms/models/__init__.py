from .floor import Turn
from .poll import Ballot, Poll
from .question import Family, Question, Step, Vote
from .room import Room
from .show import Acknowledgement, Notice, Proposal, Segment
from .stage import Seat

__all__ = [
    "Acknowledgement",
    "Ballot",
    "Family",
    "Notice",
    "Poll",
    "Proposal",
    "Question",
    "Room",
    "Seat",
    "Segment",
    "Step",
    "Turn",
    "Vote",
]
