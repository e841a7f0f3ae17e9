"""``stance serve``: a local web page, and a JSON API."""

from __future__ import annotations

import os
import socket
from collections.abc import Container
from ipaddress import ip_address
from typing import Annotated

import typer

from stance.commands.terminal import say
from stance.errors import StanceError


def serve(
    model: Annotated[str, typer.Option(help="fast (ships with stance), accurate, or a run directory.")] = "fast",
    host: Annotated[
        str, typer.Option(help="Address to listen on; any but this machine's own lets others in, without a password.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 is any that is free.")] = 8765,
    open_: Annotated[bool, typer.Option("--open", help="Open the page in your browser.")] = False,
) -> None:
    """Serve a web page that marks an article's statements, and a JSON API, on this machine until Ctrl-C."""
    try:
        import python_multipart  # noqa: F401 - FastAPI needs it for forms
        import uvicorn

        from stance.web import create_app
    except ModuleNotFoundError as cause:
        remedy = 'Install the extra: pip install "stance[web]"'
        raise StanceError("stance serve needs FastAPI and uvicorn", where=cause.name or "", remedy=remedy) from None
    app = create_app(model, hosts=_names_of(host))
    listening = _listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    url = f"http://{shown}:{listening.getsockname()[1]}/"
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, ws="none", server_header=False, timeout_graceful_shutdown=2
    )
    try:
        say(f"{url} (Ctrl-C ends it)")
        if not _is_loopback(listening):
            say("warning: whoever reaches this machine can use this page and API; there is no password.")
        if open_:
            typer.launch(url)
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:  # which uvicorn raises anew once all is closed
        pass
    finally:
        listening.close()
    say("stopped")


def _names_of(host: str) -> Container[str]:
    """Return the hosts that requests may be for, when this is where we listen."""
    from stance.web_guard import LOOPBACK, AnyAddress

    if host in {"0.0.0.0", "::"}:
        return AnyAddress(socket.gethostname())
    return frozenset({*LOOPBACK, f"[{host}]" if ":" in host else host.lower()})


def _is_loopback(listening: socket.socket) -> bool:
    return ip_address(listening.getsockname()[0]).is_loopback


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else is said, so that what we say is true.

    Raises
    ------
    StanceError
        If it is taken, or there is no such address here.
    """
    listening = None
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind)
        if os.name == "posix":  # elsewhere this would let two servers share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen()
    except OSError as cause:
        if listening:
            listening.close()
        remedy = "Name another with --port; 0 is any that is free." if port else "Name another with --host."
        raise StanceError(f"cannot listen here ({cause.strerror})", where=f"{host}:{port}", remedy=remedy) from None
    return listening
