"""Where a request comes from."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The visitor's network address; empty where the server was not told.

    Behind a proxy that is the last entry of X-Forwarded-For, which the proxy wrote itself: the entries
    before it are what the visitor claims.
    """
    address: str = request.META.get("REMOTE_ADDR", "")
    if settings.TRUST_PROXY:
        return request.headers.get("X-Forwarded-For", address).rsplit(",", 1)[-1].strip()
    return address


def network_of(request: HttpRequest) -> str | None:
    """The visitor's connection, to count by; None where the address is none.

    For IPv6 the first 64 bits (RFC 6177): one household has all the addresses behind them. An IPv4 address
    written as IPv6 (RFC 4291, section 2.5.5.2) is the IPv4 address.
    """
    try:
        address = ipaddress.ip_address(address_of(request))
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ipaddress.IPv6Network((address, 64), strict=False).network_address)
