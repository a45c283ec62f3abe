"""The directory: what may be found of those who chose to be listed. Derived from persons, never edited by hand."""

from time import time_ns

from django.db import models

from .person import Person


class Listing(models.Model):
    """One person's entry: only what they show to everybody; what they hide is blank, so no search finds it.

    `words` are folded, divided by single spaces, and indexed by what the database has for it (see people.search).
    """

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="listing")
    words = models.TextField()
    sorts_as = models.CharField(max_length=160, db_index=True)
    letter = models.CharField(max_length=4)  # as written, in capitals; 字 for all of Chinese
    country = models.CharField(max_length=2, blank=True)
    stakeholder = models.CharField(max_length=20, blank=True)
    made = models.BigIntegerField(default=time_ns, db_index=True)  # nanoseconds: no two listings were made at once

    def __str__(self):
        return str(self.person)


class ListingTerm(models.Model):
    """A language or an interest of a listed person: what facets count."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="terms")
    kind = models.CharField(max_length=10)  # language, theme
    value = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["listing", "kind", "value"], name="one_term")]
        indexes = [models.Index(fields=["kind", "value", "listing"], name="listings_by_term")]

    def __str__(self):
        return f"{self.kind} {self.value}"
