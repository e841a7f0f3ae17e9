"""Connections to the open internet alone: to the very address that was checked, never through a proxy."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress

NAT64 = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 address in the last four bytes


class NotPublicError(Exception):
    """A host is at an address that is not of the open internet; the message is the address."""


def is_public(address: str) -> bool:
    """Tell whether an IP address is of the open internet, also where IPv6 only wraps an IPv4 address."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in NAT64 else ip.ipv4_mapped
        if inner:
            return is_public(str(inner))
        if ip.sixtofour or ip.teredo or ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


def connect(
    host: str, port: int, *, secure: bool, timeout: float, is_allowed: Callable[[str], bool] = is_public
) -> socket.socket:
    """Look a host up once, refuse it where any address is not allowed, and connect to one of these very addresses.

    A name that leads elsewhere when it is looked up again thus leads nowhere.

    Parameters
    ----------
    host : str
        Name or address.
    port : int
        Of the server.
    secure : bool
        Whether to speak TLS, with the host's certificate checked.
    timeout : float
        Seconds without a byte, for this and all that is done with the connection.
    is_allowed : callable
        Tells of an address whether it may be connected to.

    Raises
    ------
    NotPublicError
        Where one of the addresses is not allowed.
    OSError
        Where there is no connection.
    """
    found = [each[4] for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for address, *_ in found:
        if not is_allowed(str(address)):
            raise NotPublicError(str(address))
    sock = _dial([(str(address), int(at)) for address, at, *_ in found], timeout)
    if not secure:
        return sock
    with sock:  # where the handshake fails; else the wrapped socket has taken it over
        return ssl.create_default_context().wrap_socket(sock, server_hostname=host)


def _dial(addresses: list[tuple[str, int]], timeout: float) -> socket.socket:
    for address in addresses[:-1]:
        with suppress(OSError):
            return socket.create_connection(address, timeout)
    return socket.create_connection(addresses[-1], timeout)
