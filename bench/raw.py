"""The bare asyncio writer that the hub is compared with: `python -m bench.raw --fd N --size BYTES [--uvloop]`.

It knows no person, room or database. What one socket says comes back to all the others as a frame of so many bytes that
is built once.
"""

import argparse
import asyncio
import base64
import hashlib
import socket

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
SWITCHING = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
YIELD_EVERY = 256


def accept(request: bytes) -> bytes:
    key = next(line for line in request.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key:"))
    digest = hashlib.sha1(key.partition(b":")[2].strip() + MAGIC).digest()
    return SWITCHING + base64.b64encode(digest) + b"\r\n\r\n"


def text_frame(payload: bytes) -> bytes:
    return b"\x81\x7e" + len(payload).to_bytes(2, "big") + payload


class Line(asyncio.Protocol):
    """Takes one short masked text frame at a time, which is all that the bench sends."""

    def __init__(self, lines: set["Line"], size: int):
        self.lines, self.size, self.is_open = lines, size, False
        self.telling: set[asyncio.Task[None]] = set()

    def connection_made(self, transport):
        self.transport = transport

    def connection_lost(self, _problem):
        self.lines.discard(self)

    def data_received(self, data: bytes):
        if self.is_open:
            self.hear(data)
        else:
            self.transport.write(accept(data))
            self.is_open = True
            self.lines.add(self)

    def hear(self, data: bytes):
        while len(data) >= 6:
            after = 6 + (data[1] & 127)
            task = asyncio.ensure_future(self.tell_all(text_frame(data[6:after].ljust(self.size))))
            self.telling.add(task)
            task.add_done_callback(self.telling.discard)
            data = data[after:]

    async def tell_all(self, wire: bytes):
        for told, line in enumerate(list(self.lines)):
            if line is not self:
                line.transport.write(wire)
            if told % YIELD_EVERY == YIELD_EVERY - 1:
                await asyncio.sleep(0)


async def serve(door: socket.socket, size: int):
    lines: set[Line] = set()
    server = await asyncio.get_running_loop().create_server(lambda: Line(lines, size), sock=door)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--uvloop", action="store_true")
    options = parser.parse_args()
    if options.uvloop:
        import uvloop

        uvloop.install()
    asyncio.run(serve(socket.socket(fileno=options.fd), options.size))


if __name__ == "__main__":
    main()
