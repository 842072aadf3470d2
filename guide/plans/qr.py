"""A code as a square to scan. The code stands after the # of the address, which browsers keep to themselves."""

from __future__ import annotations

import segno

_EDGE = 4  # modules of quiet zone, ISO/IEC 18004


def svg(address: str, code: str) -> str:
    """The drawing of `address#code`, black on white on any screen."""
    made = segno.make_qr(f"{address}#{code}", error="m")
    drawn: str = made.svg_inline(
        scale=3, border=_EDGE, dark="#000", light="#fff", title="Code to scan", omitsize=True, svgclass="qr", lineclass=None
    )
    return drawn
