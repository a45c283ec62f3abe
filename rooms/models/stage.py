from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.models import Person

from .room import Room


class Seats(models.QuerySet):
    def live(self):
        return self.filter(place=Seat.Place.LIVE)

    def behind(self):
        return self.filter(place=Seat.Place.BACKSTAGE)

    def publishing(self):
        """Whose microphone and camera the media process may take."""
        return self.exclude(place=Seat.Place.ASKED)


class Seat(models.Model):
    """A person's place on or behind the stage of a room."""

    class Place(models.TextChoices):
        ASKED = "asked", _("Asked to come up")
        BACKSTAGE = "backstage", _("Backstage")
        LIVE = "live", _("On stage")

    LIMIT = 12  # people on stage; a shared screen counts as one

    room = models.ForeignKey(Room, models.CASCADE, related_name="seats")
    person = models.ForeignKey(Person, models.CASCADE, related_name="seats")
    place = models.CharField(max_length=10, choices=Place)
    position = models.PositiveIntegerField(default=0)
    microphone = models.BooleanField(default=True)
    camera = models.BooleanField(default=True)
    screen = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    since = models.DateTimeField()
    objects = Seats.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = pgettext_lazy("stage", "seat"), pgettext_lazy("stage", "seats")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["room", "person"], name="one_seat_each"),
            models.UniqueConstraint(fields=["room"], condition=Q(screen=True), name="one_screen"),
        ]

    def __str__(self):
        return f"{self.person_id} {self.place}"

    @property
    def source(self) -> int:
        """The number under which the media process forwards their microphone and camera."""
        return 2 * self.person_id

    @property
    def screen_source(self) -> int:
        return 2 * self.person_id + 1
