"""Draws what went wrong as a calm page that says what to do: an error comes in, a page with its status goes out."""

from __future__ import annotations

import errno
import logging
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string

from caselore.errors import CaseloreError, NotAllowed, StaleView
from caselore.workbench.settings import LARGEST_UPLOAD

log = logging.getLogger("caselore.workbench")


@dataclass(frozen=True, slots=True)
class Fault:
    """What a person is told: the status, what happened, what to do. Nothing of it is half-written."""

    status: int
    title: str
    says: str


FORGED = Fault(
    403,
    "This form has gone stale",
    "Your sign-in changed since the page was opened. Open the page again and repeat the act.",
)
NOT_FOUND = Fault(404, "There is no such page", "The address may be mistyped, or what it named is not there for you.")
TOO_LARGE = Fault(413, "That is too large", f"At most {LARGEST_UPLOAD // 1024 // 1024} MB at once; send it in parts.")
DISK_FULL = Fault(
    507,
    "The disk is full",
    "Nothing of your last act was written. Free some space on the study's disk, then repeat it.",
)
NO_DATABASE = Fault(
    503,
    "The study's database cannot be reached",
    "Nothing of your last act was written. Wait a moment, then repeat it.",
)
UNFORESEEN = Fault(
    500,
    "Something went wrong here",
    "Nothing of your last act was written. Try again; if it recurs, tell who keeps the study.",
)


class Faults:
    """Middleware, outermost: no error leaves as a traceback, and whoever asked by htmx gets a line, not a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 404 and not response.headers.get("X-Caselore"):
            return drawn(request, NOT_FOUND)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse:
        return _noted(request, error)


def _noted(request: HttpRequest, error: Exception) -> HttpResponse:
    fault = fault_of(error)
    if fault is UNFORESEEN:
        log.exception("unforeseen at %s", request.path, exc_info=error)
    return drawn(request, fault)


def fault_of(error: Exception) -> Fault:
    """What a person is told of an error."""
    match error:
        case NotAllowed():
            return Fault(403, "Not for your role", str(error))
        case PermissionDenied():
            return Fault(403, "Not for your role", "An administrator of the study can give you the role for it.")
        case StaleView():
            return Fault(409, "Changed in the meantime", str(error))
        case CaseloreError():
            return Fault(400, "That cannot be done so", str(error))
        case Http404():
            return NOT_FOUND
        case RequestDataTooBig() | TooManyFieldsSent() | TooManyFilesSent():
            return TOO_LARGE
        case SuspiciousOperation() | BadRequest() | MultiPartParserError() | DataError():
            return Fault(400, "That cannot be done so", "The request was not understood; open the page again.")
        case OperationalError() | InterfaceError() | sqlite3.Error():
            return DISK_FULL if "full" in str(error).lower() or "no space" in str(error).lower() else NO_DATABASE
        case OSError():
            return DISK_FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else UNFORESEEN
    return UNFORESEEN


def drawn(request: HttpRequest, fault: Fault) -> HttpResponse:
    """The page of a fault, or its line for a page that asked by htmx."""
    partial = request.headers.get("HX-Request") == "true"
    name = "workbench/fault_line.html" if partial else "workbench/fault.html"
    # Without the request: who is signed in may be just what cannot be read.
    response = HttpResponse(render_to_string(name, {"fault": fault}), status=fault.status)
    response.headers["X-Caselore"] = "fault"
    if partial:
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#said", "innerHTML"
    return response


def unread(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's view for a request that could not be read, such as one that is too large."""
    return drawn(request, fault_of(exception))


def broken(request: HttpRequest) -> HttpResponse:
    """Django's view for what failed outside a view, such as a session that cannot be read."""
    error = sys.exc_info()[1]
    return _noted(request, error) if isinstance(error, Exception) else drawn(request, UNFORESEEN)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's view for a form without its token; the coding page knows by the header that the act may come again."""
    response = drawn(request, FORGED)
    response.headers["X-Caselore"] = "forged"
    return response
