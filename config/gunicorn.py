"""The production server: two processes, a few threads each.

Threads, so that a slow line or a request that waits for the database holds nobody else up, and
connections may stay open.
"""

import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WORKERS", "2"))
worker_class = "gthread"
threads = int(os.environ.get("THREADS", "4"))
keepalive = 30
preload_app = True
control_socket_disable = True
accesslog = None
