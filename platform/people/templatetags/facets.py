from django import template
from django.utils.html import format_html, format_html_join

register = template.Library()
BOX = '<label><input type="checkbox" name="{}" value="{}"{}> <bdi{}>{}</bdi> <small>{}</small></label>'


@register.simple_tag
def boxes(facet, options):
    """To tick. No template, which takes twice as long: there are two hundred on every page of the directory."""
    rows = ((it.value, " checked" if it.chosen else "", _language(it), it.label, it.count) for it in options)
    return format_html_join("\n", BOX, ((facet.name, *row) for row in rows))


def _language(option):
    return format_html(' lang="{}"', option.language) if option.language else ""
