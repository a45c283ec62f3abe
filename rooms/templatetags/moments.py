"""Moments as they travel, written by a zone's clocks."""

from datetime import datetime, tzinfo

from django import template

register = template.Library()


@register.filter
def by(moment: str, zone: tzinfo) -> str:
    """15:04"""
    return f"{datetime.fromisoformat(moment).astimezone(zone):%H:%M}"


@register.filter
def initials(name: str) -> str:
    words = [word for word in name.replace(".", " ").split() if word[0].isalpha()]
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper()
