"""Whether the server in this container answers, by the exit code: 0 if it does.

python -m config.health            /healthz: the process is there
python -m config.health readyz     /readyz: and its database is, up to date
"""

from __future__ import annotations

import os
import sys
from http.client import HTTPConnection, HTTPException

PAGES = ("healthz", "readyz")


def answers(page: str = PAGES[0], *, host: str = "127.0.0.1", port: int = 8000) -> bool:
    connection = HTTPConnection(host, port, timeout=4)
    try:
        connection.request("GET", f"/{page}")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def main(asked: list[str]) -> int:
    page = asked[0] if asked else PAGES[0]
    if page not in PAGES:
        sys.stderr.write(f"There is no {page}: ask for {' or '.join(PAGES)}.\n")
        return 2
    return 0 if answers(page, port=int(os.environ.get("PORT", "8000"))) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
