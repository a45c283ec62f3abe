from .question import Family, Question, Step, Vote
from .room import Room, Segment

__all__ = ["Family", "Question", "Room", "Segment", "Step", "Vote"]
