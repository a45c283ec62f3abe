"""Packet arithmetic: bytes and numbers in, bytes and numbers out. No sockets, no clock, no Django.

Times are `now: float`, seconds of any one steady clock, handed in by whoever has a clock.
Bytes that no sender should have sent raise `header.Malformed`, and nothing else.
"""
