"""The smallest domain that the kernel can be tried with: a parlour where people say things and raise hands."""

from django.db import models


class Note(models.Model):
    parlour = models.IntegerField()
    person = models.BigIntegerField()
    text = models.TextField()

    class Meta:
        app_label = "parlour"

    def __str__(self):
        return self.text


class Hand(models.Model):
    parlour = models.IntegerField()
    person = models.BigIntegerField()

    class Meta:
        app_label = "parlour"
        constraints = [models.UniqueConstraint(fields=["parlour", "person"], name="one_hand")]

    def __str__(self):
        return f"{self.person} in {self.parlour}"


class Ban(models.Model):
    parlour = models.IntegerField()
    person = models.BigIntegerField()

    class Meta:
        app_label = "parlour"

    def __str__(self):
        return f"{self.person} in {self.parlour}"
