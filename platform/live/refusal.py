"""The one way to say no."""

import logging
from functools import lru_cache

from django.conf import settings
from django.utils import translation
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)


class Refused(Exception):
    """An expected no. Its code names the sentence that settings.REFUSALS keeps for it."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@lru_cache(maxsize=4096)
def sentence(code: str, language: str) -> str:
    """What is said to a person for `code`, in their language."""
    with translation.override(language):
        return str(_sentence(import_string(settings.REFUSALS), code))


def _sentence(sentences: dict, code: str):
    if code not in sentences:
        logger.error("nobody wrote a sentence for %s", code)
    return sentences.get(code, sentences["server.stumbled"])
