"""The WSGI application that gunicorn serves."""

import os

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class Request(WSGIRequest):
    """Read as UTF-8, whatever it says of itself.

    Django would take any codec that Python knows, also one that makes no text of it, and fail
    before a middleware could answer. `pages.doors` refuses what says that it is anything else.
    """

    def _set_content_type_params(self, meta):
        said = meta.get("CONTENT_TYPE", "")
        self.content_type, self.content_params = parse_header_parameters(said)


class Handler(WSGIHandler):
    request_class = Request


django.setup(set_prefix=False)
application = Handler()
