"""How the pages of meetings read what travelled as text."""

from datetime import datetime

from django import template

register = template.Library()


@register.filter
def as_moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
