"""What every answer bears, whoever makes it: a page, a file, a refusal, a probe."""

from __future__ import annotations

import pytest
from django.test import Client

ANSWERS = {
    "/accounts/login/": 200,
    "/": 302,
    "/healthz": 200,
    "/static/registers/icon.svg": 200,
    "/accounts/login/?next=%00": 400,
}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ANSWERS)
def test_every_answer_keeps_other_sites_out_and_asks_nothing_of_the_browser(address):
    answer = Client().get(address)
    assert answer.status_code == ANSWERS[address]
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=(), " in answer["Permissions-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in answer
