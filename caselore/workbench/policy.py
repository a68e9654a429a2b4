"""Adds to every answer what a browser may do with it: own scripts and styles only, no frames, no copies in caches;
and tells a request that came by the proxy from whom it came.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse

from caselore.workbench.settings import CONTENT_POLICY

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Pages of a study are confidential, so no cache keeps them; style sheets and scripts bring a rule of their own."""


class Policy:
    """Middleware, outermost, so that pages of errors have the headers too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class Proxied:
    """Middleware before all others where a proxy speaks HTTPS: its word on who asked is taken, if it is this machine's.

    The last address of X-Forwarded-For is the one that the proxy saw; what stands before it anybody may have written.
    Without this the lock-out would count all visitors as one, and forms would be refused for their origin.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META["wsgi.url_scheme"] = "https"
        if request.META.get("REMOTE_ADDR", "") in ("127.0.0.1", "::1", ""):
            seen = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
            request.META["REMOTE_ADDR"] = seen[:64] or request.META.get("REMOTE_ADDR", "")
        return self.get_response(request)
