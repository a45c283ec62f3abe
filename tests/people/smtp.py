"""A mail server that refuses some addresses, for good or for now."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread


class Server(ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, refused: Mapping[str, int]):
        super().__init__(("127.0.0.1", 0), Talk)
        self.refused, self.taken = refused, list[str]()

    def answer(self, address: str) -> int:
        code = self.refused.get(address, 250)
        if code == 250:
            self.taken.append(address)
        return code


class Talk(StreamRequestHandler):
    """RFC 5321, as far as smtplib asks for it."""

    server: Server

    def handle(self) -> None:
        self.says(220)
        for line in self.rfile:
            word, _, rest = line.decode().strip().partition(" ")
            self.says(221 if word == "QUIT" else self.asked(word.upper(), rest))

    def asked(self, word: str, rest: str) -> int:
        if word == "RCPT":
            return self.server.answer(rest.partition("<")[2].partition(">")[0])
        if word == "DATA":
            self.says(354)
            while self.rfile.readline() != b".\r\n":
                pass
        return 250

    def says(self, code: int) -> None:
        self.wfile.write(b"%d so\r\n" % code)


@contextmanager
def refusing(settings, **codes: int) -> Iterator[Server]:
    """Settings lead to it meanwhile. `codes`: SMTP's, by the name before the @example.org."""
    with Server({f"{name}@example.org": code for name, code in codes.items()}) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        yield server
        server.shutdown()
