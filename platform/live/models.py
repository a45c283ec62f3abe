"""The record: what was said where, and which commands were done."""

from django.db import models
from django.utils import timezone


class Topic(models.Model):
    """A named stream, how far it has come, and the hash of its last entry."""

    name = models.CharField(max_length=100, primary_key=True)
    seq = models.BigIntegerField(default=0)
    hash = models.BinaryField(default=b"")

    def __str__(self):
        return f"{self.name} at {self.seq}"


class Entry(models.Model):
    """Something said on a topic, chained by its hash to what was said before. `data` is JSON."""

    pk = models.CompositePrimaryKey("topic", "seq")
    topic = models.CharField(max_length=100)
    seq = models.BigIntegerField()
    event = models.CharField(max_length=40)
    data = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    hash = models.BinaryField()

    def __str__(self):
        return f"{self.topic} {self.seq}: {self.event}"


class Receipt(models.Model):
    """A command that was done. The same ref of the same person again gets the same reply, as JSON."""

    pk = models.CompositePrimaryKey("person", "ref")
    person = models.BigIntegerField()
    ref = models.CharField(max_length=64)
    reply = models.TextField()
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self):
        return f"{self.person} {self.ref}"
