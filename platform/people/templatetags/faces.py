from django import template
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def face(person, size="medium"):
    """A person's photo or initials; decoration, the name stands beside it. Sizes: small, medium, large, cover."""
    inside = format_html('<img src="{}" alt="">', person.photo.url) if person.photo else person.initials
    return format_html('<span class="face" data-size="{}" aria-hidden="true">{}</span>', size, inside)
