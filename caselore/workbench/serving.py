"""Serves the workbench: a study comes in, a running server goes out; pages are answered by a pool of threads."""

from __future__ import annotations

import ipaddress
import os
import socket
import threading
import webbrowser
from collections.abc import Callable
from typing import Any

import waitress
from django.core.wsgi import get_wsgi_application

from caselore.errors import StudyError
from caselore.store.opening import opened
from caselore.study import Study
from caselore.workbench.settings import settings_of

THREADS = 8


def ready(study: Study, *, team: bool, hosts: tuple[str, ...] = (), https: bool = False) -> Any:
    """Django set up on the study with every page, the database brought up to date; the WSGI application."""
    opened(study, settings_of(study, team=team, hosts=hosts, https=https))
    return get_wsgi_application()


def has_provider() -> bool:
    """Whether people sign in by an organisation's accounts."""
    from django.conf import settings

    return settings.CASELORE_OIDC is not None


def is_local(host: str) -> bool:
    """Whether an address can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def serve(
    application: Any,
    *,
    host: str,
    port: int,
    team: bool,
    browse: bool,
    say: Callable[[str], None],
    threads: int = THREADS,
    https: bool = False,
) -> None:
    """Answer until interrupted. `say` is told the address, with the single user's key where there is no team."""
    from caselore.workbench import door  # its rows can be loaded only when Django is set up

    listening = _listening(host, port)
    where = f"http://{host if ':' not in host else f'[{host}]'}:{listening.getsockname()[1]}/"
    address = where if team else f"{where}open/{door.new_key()}/"
    server = waitress.create_server(
        application, sockets=[listening], threads=threads, ident="Caselore", clear_untrusted_proxy_headers=not https
    )
    try:
        say(address)
        if browse:
            threading.Timer(0.3, webbrowser.open, (address,)).start()
        server.run()
    except KeyboardInterrupt:  # how it is ended; waitress hears it only while it waits
        pass
    finally:
        server.close()


def _listening(host: str, port: int) -> socket.socket:
    """A socket bound before anything is said, so that the address that is printed is the one that answers."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    if os.name == "posix":  # on Windows it would let two servers have one port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()  # whoever is told the address may come before the server takes over
    except OSError as error:
        listening.close()
        raise StudyError(
            f"Port {port} of {host} cannot be used ({error.strerror}); choose another with --port."
        ) from None
    return listening
