"""What a conversation is called."""

from typing import Any

from django.utils.translation import gettext as _


def called(row: dict[str, Any]) -> str:
    """By one who is in it: `row` is a line of their inbox, `people` in it the others."""
    if row["about"]:
        return _("Speakers of “%(title)s”") % {"title": row["about"]["title"]}
    return row["title"] or ", ".join(person["name"] for person in row["people"]) or _("Nobody else")
