"""The speakers' list at a desk without a script: what each button asks for."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from . import commands

Fields = Callable[[HttpRequest], dict[str, Any]]


def one(request: HttpRequest) -> dict[str, Any]:
    return {name: request.POST.get(name) for name in ("turn", "rev")}


def one_then_next(request: HttpRequest) -> dict[str, Any]:
    return {**one(request), "next": True}


def which(request: HttpRequest) -> dict[str, Any]:
    return {"turn": request.POST.get("turn")}


def opened(_: HttpRequest) -> dict[str, Any]:
    return {"open": True}


def closed(_: HttpRequest) -> dict[str, Any]:
    return {"open": False}


def nothing(_: HttpRequest) -> dict[str, Any]:
    return {}


def announcement(request: HttpRequest) -> dict[str, Any]:
    return {name: request.POST.get(name, "") for name in ("name", "organisation")}


DEEDS: dict[str, tuple[Callable[..., Any], type, Fields]] = {
    "floor-invite": (commands.invite, commands.One, one),
    "floor-start": (commands.start, commands.One, one),
    "floor-pause": (commands.pause, commands.One, one),
    "floor-resume": (commands.resume, commands.One, one),
    "floor-finish": (commands.finish, commands.Finish, one),
    "floor-next": (commands.finish, commands.Finish, one_then_next),
    "floor-extend": (commands.extend, commands.Extend, which),
    "floor-skip": (commands.skip, commands.One, one),
    "floor-no_answer": (commands.no_answer, commands.One, one),
    "floor-readd": (commands.readd, commands.One, one),
    "floor-lower_all": (commands.lower_all, commands.Nothing, nothing),
    "floor-add": (commands.announce, commands.Announce, announcement),
    "floor-open": (commands.open_list, commands.Open, opened),
    "floor-close": (commands.open_list, commands.Open, closed),
}
