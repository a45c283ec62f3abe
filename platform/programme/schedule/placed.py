"""JSON whose objects know the line they begin on, so that a fault in them can be found in the file."""

import json
from bisect import bisect_right
from collections.abc import Mapping
from json.decoder import JSONArray, JSONObject  # type: ignore[attr-defined]
from json.scanner import py_make_scanner  # type: ignore[attr-defined]

from django.utils.translation import gettext as _

from .shape import BadSchedule, Fault


class Placed(dict):
    """An object of a JSON file, or an element of an XML file; its line, and those of its parts as far as known."""

    line = 0
    lines: Mapping[str, int] = {}


class Decoder(json.JSONDecoder):
    def __init__(self, text: str):
        super().__init__(parse_constant=refuse_constant)
        self.breaks = [at for at, letter in enumerate(text) if letter == "\n"]
        self.parse_object = self.placed
        self.parse_array = JSONArray
        self.scan_once = py_make_scanner(self)

    def placed(self, text_and_end, *args):
        value, end = JSONObject(text_and_end, *args)
        found = Placed(value)
        found.line = bisect_right(self.breaks, text_and_end[1] - 1) + 1
        return found, end


def refuse_constant(name: str):
    raise ValueError(name)


def text_of(data: bytes) -> str:
    """UTF-8 with or without a mark. Raises BadSchedule."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise BadSchedule([Fault(line, "", _("This is not text in UTF-8."))]) from None


def parse(data: bytes):
    """The file's JSON, its objects as `Placed`. Raises BadSchedule."""
    text = text_of(data)
    try:
        return Decoder(text).decode(text)
    except json.JSONDecodeError as problem:
        reason = _("This is not JSON: %(problem)s at column %(column)s.")
        where = {"problem": problem.msg, "column": problem.colno}
        raise BadSchedule([Fault(problem.lineno, "", reason % where)]) from None
    except RecursionError:
        raise BadSchedule([Fault(1, "", _("This is nested too deeply."))]) from None
    except ValueError as problem:
        reason = _("This holds a number that is none: %(problem)s") % {"problem": str(problem)[:80]}
        raise BadSchedule([Fault(1, "", reason)]) from None
