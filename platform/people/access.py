"""Who may use the administration, and what happens to open doors when somebody's rights change."""

from collections.abc import Collection, Iterable

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.db import transaction

from live import writer
from live.access import recheck, recheck_all


class Organisers(BaseBackend):
    """Staff manage the forum's own apps; everything else in the administration is for superusers."""

    def has_perm(self, user_obj, perm, _obj=None):
        return user_obj.is_active and user_obj.is_staff and perm.partition(".")[0] in settings.ORGANISED_APPS

    def has_module_perms(self, user_obj, app_label):
        return self.has_perm(user_obj, f"{app_label}.")


def recheck_doors(people: Iterable[int], topics: Iterable[str]) -> None:
    """In a verb: whatever these people have open, and whoever is on these topics."""
    for person in people:
        recheck(person)
    for topic in topics:
        recheck_all(topic)


def look_again(by: int, people: Collection[int], topics: Collection[str] = ()) -> None:
    """After a page changed who may enter where: once it is committed, open doors are looked at anew."""
    if people or topics:
        # Not before the commit: the writer is another connection, and must see the change.
        transaction.on_commit(lambda: writer.do(by, recheck_doors, people, topics))
