from django import template
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def face(person, size="medium", seen=("photo",)):
    """A person's photo, or initials if there is none or it is not among the fields that may be `seen`; decoration, the
    name stands beside it. Sizes: small, medium, large, cover."""
    shown = person.photo and "photo" in seen
    inside = format_html('<img src="{}" alt="">', person.photo.url) if shown else person.initials
    return format_html('<span class="face" data-size="{}" aria-hidden="true">{}</span>', size, inside)


@register.simple_tag
def initials(person, size="medium"):
    """Where nobody sees the photo."""
    return face(person, size, ())
