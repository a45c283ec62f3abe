"""What does not belong in a log: the secrets of links that let somebody in without asking who they are."""

import logging
import re

SECRET = re.compile(r"/(invitation|sign-in/link|calendar|unsubscribe)/[^/\s]+")


class Discreet(logging.Filter):
    """Refusals are logged with their path, and a link used up on one device is still good on others."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = SECRET.sub(r"/\1/…", record.getMessage()), ()
        return True
