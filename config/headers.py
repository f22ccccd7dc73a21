"""Headers that every answer bears and Django does not set, static files included."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# What no page of ours asks of a browser, so that nothing on a page can.
NOT_ASKED_FOR = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
HEADERS = {
    "Permissions-Policy": ", ".join(f"{name}=()" for name in NOT_ASKED_FOR),
    # No other site may show what is ours, not even as a picture. The other way round, that no
    # window of theirs holds one of ours, Django says itself (Cross-Origin-Opener-Policy).
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Headers:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
