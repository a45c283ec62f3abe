"""The same things as Channels' tutorial does them, to compare with: `python -m bench.within bench.plain --fd N`.

Same Daphne, same verbs, same record: what is stored for a message or a question is what Plenary stores. But each is
committed alone, on Django's one sync thread, and a message travels by `group_send` to a consumer per socket.
"""

import sys
from urllib.parse import parse_qs

import msgspec
from asgiref.sync import sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from daphne.server import Server
from django.urls import path

from chat import consumers as chat
from live import tickets, writer
from rooms import consumers as rooms
from serve import allow_many_sockets


class Plain(AsyncJsonWebsocketConsumer):
    async def connect(self):
        token = parse_qs(self.scope["query_string"].decode())["ticket"][0]
        self.person = tickets.read(token).person
        await self.accept()

    async def stored(self, verb, shape, content):
        given = msgspec.convert(content["with"], shape)
        return await sync_to_async(writer.do)(self.person, verb, self.person, content["on"], given, ref=content["ref"])


class Chat(Plain):
    groups = ["conversation"]

    async def receive_json(self, content):
        message = await self.stored(chat.say, chat.Say, content)
        await self.channel_layer.group_send("conversation", {"type": "conversation.message", "message": message})
        await self.send_json({"re": content["ref"], "ok": message})

    async def conversation_message(self, event):
        await self.send_json({"event": "message", "data": event["message"]})


class Ask(Plain):
    async def receive_json(self, content):
        question = await self.stored(rooms.ask, rooms.Ask, content)
        await self.send_json({"re": content["ref"], "ok": question})


doors = [path("plain/chat", Chat.as_asgi()), path("plain/ask", Ask.as_asgi())]
application = ProtocolTypeRouter({"websocket": URLRouter(doors)})


def main() -> None:
    allow_many_sockets()
    Server(
        application,
        endpoints=[f"fd:fileno={sys.argv[sys.argv.index('--fd') + 1]}"],
        websocket_handshake_timeout=60,
        websocket_connect_timeout=60,
        verbosity=0,
    ).run()


if __name__ == "__main__":
    main()
