from .question import Question, Step, Vote
from .room import Room, Segment

__all__ = ["Question", "Room", "Segment", "Step", "Vote"]
