"""An address as a QR code, drawn as one SVG path. Pure."""

from typing import NamedTuple

import segno

QUIET = 4  # modules of white around it, as the standard asks


class Drawing(NamedTuple):
    """A path in a square of `size` by `size`, dark modules filled."""

    size: int
    path: str


def drawing(address: str) -> Drawing:
    rows = segno.make(address, error="m", micro=False).matrix
    modules = [(x + QUIET, y + QUIET) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark]
    return Drawing(len(rows) + 2 * QUIET, "".join(f"M{x} {y}h1v1h-1z" for x, y in modules))
