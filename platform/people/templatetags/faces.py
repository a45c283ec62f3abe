from django import template
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def face(person, size="medium"):
    """A person's photo or initials; decoration, the name stands beside it. Sizes: small, medium, large, cover."""
    inside = format_html('<img src="{}" alt="">', person.photo.url) if person.photo else person.initials
    return framed(inside, size)


@register.simple_tag
def initials(person, size="medium"):
    """In place of a face for those who may not see the photo."""
    return framed(person.initials, size)


def framed(inside, size):
    return format_html('<span class="face" data-size="{}" aria-hidden="true">{}</span>', size, inside)
