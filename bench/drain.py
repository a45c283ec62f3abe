"""Reads what hundreds of UDP sockets get, a batch for each call, and counts RTP by stream. Linux only."""

import select
import socket
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import cffi

ROOM = 4 << 20  # bytes a socket may have waiting
BATCH = 64
SIZE = 2048
HEADER = struct.Struct("!xxHxxxxI")  # sequence number, SSRC

_ffi = cffi.FFI()
_ffi.cdef(
    """
    struct iovec { void *base; size_t length; };
    struct msghdr { void *name; unsigned name_length; struct iovec *vectors; size_t count;
                    void *control; size_t control_length; int flags; };
    struct mmsghdr { struct msghdr header; unsigned length; };
    int recvmmsg(int socket, struct mmsghdr *messages, unsigned count, int flags, void *timeout);
    """
)
_libc = _ffi.dlopen(None)


@dataclass
class Stream:
    """One SSRC as one socket heard it; sequence numbers are counted on beyond 16 bits."""

    first: int
    last: int
    packets: int = 0

    def count(self, sequence: int) -> None:
        self.packets += 1
        ahead = (sequence - self.last) & 0xFFFF
        if ahead < 0x8000:
            self.last += ahead

    @property
    def expected(self) -> int:
        return self.last - self.first + 1


@dataclass
class Ear:
    """A viewer's socket, and what came in."""

    socket: socket.socket
    streams: dict[int, Stream] = field(default_factory=dict)
    bytes: int = 0

    def hear(self, packet: memoryview) -> None:
        if len(packet) < 12 or not 127 < packet[0] < 192 or 192 <= packet[1] <= 223:
            return
        sequence, ssrc = HEADER.unpack_from(packet)
        stream = self.streams.get(ssrc)
        if stream is None:
            stream = self.streams[ssrc] = Stream(sequence, sequence)
        stream.count(sequence)
        self.bytes += len(packet)

    @property
    def packets(self) -> int:
        return sum(stream.packets for stream in self.streams.values())


class Drain:
    """`timed(packet, nanoseconds)` gets each packet of the sockets in `sampled`, with the time the kernel got it."""

    def __init__(self, ears: Sequence[Ear], sampled: Sequence[Ear], timed: Callable[[Ear, bytes, int], None]):
        self.timed = timed
        self.polled = select.epoll()
        self.ears = {ear.socket.fileno(): ear for ear in ears}
        self.sampled = {ear.socket.fileno() for ear in sampled}
        for number, ear in self.ears.items():
            self._prepare(ear.socket, number in self.sampled)
            self.polled.register(number, select.EPOLLIN)
        self._lay_out()

    def _prepare(self, line: socket.socket, sampled: bool) -> None:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM)
        if sampled:
            line.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)

    def _lay_out(self) -> None:
        self.memory = _ffi.new("char[]", BATCH * SIZE)
        self.vectors = _ffi.new("struct iovec[]", BATCH)
        self.messages = _ffi.new("struct mmsghdr[]", BATCH)
        for at in range(BATCH):
            self.vectors[at].base, self.vectors[at].length = self.memory + at * SIZE, SIZE
            self.messages[at].header.vectors, self.messages[at].header.count = self.vectors + at, 1
        whole = memoryview(_ffi.buffer(self.memory))
        self.packets = [whole[at * SIZE : (at + 1) * SIZE] for at in range(BATCH)]

    def once(self, patience: float) -> None:
        """Reads everything there is, after waiting at most so many seconds for it."""
        for number, _ in self.polled.poll(patience):
            (self._read_timed if number in self.sampled else self._read)(number, self.ears[number])

    def _read(self, number: int, ear: Ear) -> None:
        got = _libc.recvmmsg(number, self.messages, BATCH, socket.MSG_DONTWAIT, _ffi.NULL)
        for at in range(got):
            ear.hear(self.packets[at][: self.messages[at].length])

    def _read_timed(self, _number: int, ear: Ear) -> None:
        for _ in range(BATCH):
            try:
                packet, ancillary, _, _ = ear.socket.recvmsg(SIZE, 64, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return
            ear.hear(memoryview(packet))
            self.timed(ear, packet, stamp(ancillary))


SO_TIMESTAMPNS = 35


def stamp(ancillary: list[tuple[int, int, bytes]]) -> int:
    """When the kernel got it, in nanoseconds since 1970."""
    seconds, nanoseconds = struct.unpack("qq", ancillary[0][2][:16])
    return seconds * 1_000_000_000 + nanoseconds
