"""A line that can be cut: what a train in a tunnel does to everybody in it."""

import selectors
import socket
import threading
from urllib.parse import urlsplit


class Tunnel:
    """Carries TCP from `address` to a forum, until it is cut; mended, it carries new lines again."""

    def __init__(self, forum: str):
        self.target = (urlsplit(forum).hostname, urlsplit(forum).port)
        self.door = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.address = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        self.open = True
        self.lines: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self.open = False
        for line in list(self.lines):
            line.close() if line.fileno() < 0 else line.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self.open = True

    def close(self) -> None:
        self.door.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self.door.accept()
            except OSError:
                return
            self._carry(near) if self.open else near.close()

    def _carry(self, near: socket.socket) -> None:
        far = socket.create_connection(self.target)
        self.lines |= {near, far}
        threading.Thread(target=self._between, args=(near, far), daemon=True).start()

    def _between(self, near: socket.socket, far: socket.socket) -> None:
        with selectors.DefaultSelector() as ready, near, far:
            ready.register(near, selectors.EVENT_READ, far)
            ready.register(far, selectors.EVENT_READ, near)
            while self._pass_on(ready):
                pass
        self.lines -= {near, far}

    @staticmethod
    def _pass_on(ready: selectors.BaseSelector) -> bool:
        try:
            for key, _ in ready.select():
                said = key.fileobj.recv(65536)
                if not said:
                    return False
                key.data.sendall(said)
        except OSError:
            return False
        return True
