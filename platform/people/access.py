"""Who may use the administration, and for what."""

from django.conf import settings
from django.contrib.auth.backends import BaseBackend


class Organisers(BaseBackend):
    """Staff manage the forum's own apps; everything else in the administration is for superusers."""

    def has_perm(self, user_obj, perm, _obj=None):
        return user_obj.is_active and user_obj.is_staff and perm.partition(".")[0] in settings.ORGANISED_APPS

    def has_module_perms(self, user_obj, app_label):
        return self.has_perm(user_obj, f"{app_label}.")
