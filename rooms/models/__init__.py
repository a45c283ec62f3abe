from .floor import Turn
from .lounge import Lounge, Match, Seeker, Stool
from .meeting import Booking, Delegation, Hour, Meeting, MeetingRules, Slot
from .pair import Pair
from .poll import Ballot, Poll
from .question import Family, Question, Step, Vote
from .room import Room
from .show import Acknowledgement, Notice, Proposal, Segment
from .stage import Seat

__all__ = [
    "Acknowledgement",
    "Ballot",
    "Booking",
    "Delegation",
    "Family",
    "Hour",
    "Lounge",
    "Match",
    "Meeting",
    "MeetingRules",
    "Notice",
    "Pair",
    "Poll",
    "Proposal",
    "Question",
    "Room",
    "Seat",
    "Seeker",
    "Segment",
    "Slot",
    "Step",
    "Stool",
    "Turn",
    "Vote",
]
