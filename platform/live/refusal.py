"""The one way to say no."""
from functools import lru_cache

from django.conf import settings
from django.utils import translation
from django.utils.module_loading import import_string


class Refused(Exception):
    """An expected no. Its code names the sentence that settings.REFUSALS keeps for it."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@lru_cache(maxsize=4096)
def sentence(code: str, language: str) -> str:
    """What is said to a person for `code`; KeyError if nobody wrote a sentence for it."""
    with translation.override(language):
        return str(import_string(settings.REFUSALS)[code])
