"""People, what they care about, whom they know, the groups they belong to, and how they are invited."""

from .listing import Listing, ListingTerm
from .person import Group, Language, People, Person, PersonManager, Roster, Theme, Themes, page_languages, portrait_path
from .reach import Nudge, PushSubscription, Reach
from .signing_in import Invitation, Invitations, InvitationUse, SignIn, SignIns
from .ties import Block, Connection, Report, Suggestion

__all__ = [
    "Block",
    "Connection",
    "Group",
    "Invitation",
    "InvitationUse",
    "Invitations",
    "Language",
    "Listing",
    "ListingTerm",
    "Nudge",
    "People",
    "Person",
    "PersonManager",
    "PushSubscription",
    "Reach",
    "Report",
    "Roster",
    "SignIn",
    "SignIns",
    "Suggestion",
    "Theme",
    "Themes",
    "page_languages",
    "portrait_path",
]
