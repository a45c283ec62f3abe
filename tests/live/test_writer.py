"""One way to write, wherever it is asked for."""

import asyncio
import threading
import time

import pytest
from django.db import connection, transaction

from live import writer
from live.frames import Frame
from live.hub import Hub
from live.jobs import of_call
from live.log import publish
from live.models import Entry
from live.refusal import Refused
from tests.live.line import looked
from tests.live.parlour import verbs
from tests.live.parlour.models import Note

ADA = 1
ROOM = "parlour.7"


def say(text: str) -> int:
    if not text:
        raise Refused("chat.empty")
    publish(ROOM, "note", text)
    return Note.objects.create(parlour=7, person=ADA, text=text).pk


def thread_name() -> str:
    return threading.current_thread().name


@pytest.fixture
async def hub(transactional_db):
    hub = Hub().start()
    yield hub
    await hub.close()


@pytest.mark.django_db
def test_a_command_line_commits_by_itself():
    assert writer.do(ADA, say, "a") == Note.objects.get().pk
    with pytest.raises(Refused, match=r"chat\.empty"):
        writer.do(ADA, say, "")


@pytest.mark.django_db
def test_a_form_sent_twice_is_done_once():
    assert writer.do(ADA, say, "a", ref="form") == writer.do(ADA, say, "a", ref="form")
    assert Entry.objects.count() == 1


@pytest.mark.django_db
def test_a_verb_calls_other_verbs_directly():
    with pytest.raises(Refused, match=r"server\.stumbled"):
        writer.do(ADA, lambda: writer.do(ADA, say, "a"))
    assert not Note.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nobody_is_told_before_an_outer_transaction_commits(monkeypatch):
    rung: list[Frame] = []
    monkeypatch.setattr(writer, "ring_from_here", rung.extend)
    with transaction.atomic():
        writer.do(ADA, say, "a")
        assert rung == []
    assert len(rung) == 1


async def test_in_a_server_the_writers_thread_does_it(hub):
    assert await writer.ado(ADA, thread_name) == "writer_0"
    assert await asyncio.to_thread(writer.do, ADA, thread_name) == "writer_0"


async def test_a_page_and_a_socket_share_a_batch(hub):
    both = await asyncio.gather(writer.ado(ADA, say, "a"), asyncio.to_thread(writer.do, ADA, say, "b"))
    assert len(set(both)) == 2
    with pytest.raises(Refused, match=r"chat\.empty"):
        await writer.ado(ADA, say, "")


async def test_whoever_gave_up_waiting_does_not_keep_others_from_their_answer(hub, caplog):
    gone, stays = (asyncio.ensure_future(writer.ado(ADA, say, text)) for text in "ab")
    await asyncio.sleep(0)
    gone.cancel()
    assert await asyncio.wait_for(stays, 60)
    assert not caplog.records


async def test_who_cannot_be_answered_does_not_keep_others_from_their_answer(hub, caplog):
    told = asyncio.get_running_loop().create_future()
    hub.writer.submit(of_call(ADA, say, ("a",), None, lambda _: 1 / 0))
    hub.writer.submit(of_call(ADA, say, ("b",), None, told.set_result))
    assert (await asyncio.wait_for(told, 60)).value
    assert "could not be answered" in caplog.text


async def test_a_coroutine_must_not_block(hub):
    with pytest.raises(RuntimeError, match="ado"):
        writer.do(ADA, say, "a")


async def test_a_page_does_not_wait_for_ever(hub, monkeypatch):
    monkeypatch.setattr(writer, "PATIENCE", 0.05)
    with pytest.raises(Refused, match=r"try\.again"):
        await asyncio.to_thread(writer.do, ADA, time.sleep, 0.5)


@pytest.mark.django_db(transaction=True)
async def test_without_a_server_a_coroutine_commits_in_a_thread():
    def do_and_close():
        try:
            return verbs.Note.objects.count()
        finally:
            connection.close()

    await writer.ado(ADA, lambda: (say("a"), None)[1])
    assert await looked(do_and_close) == 1
