"""Whether the server in this container answers: `python -m config.health` ends with 0 if it does.

It asks for the sign-in page as the proxy would, under a name that the site goes by.
"""

from __future__ import annotations

import os
import sys
from http.client import HTTPConnection, HTTPException

PAGE = "/accounts/login/"


def answers(host: str = "127.0.0.1", port: int = 8000) -> bool:
    name = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".*")
    connection = HTTPConnection(host, port, timeout=4)
    try:
        headers = {"Host": name or host, "X-Forwarded-Proto": "https"}
        connection.request("GET", PAGE, headers=headers)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not answers(port=int(os.environ.get("PORT", "8000"))))
