"""The pages, and the two floors that they are measured against."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import include, path
from django.utils.crypto import get_random_string

# Half of a page is tags that repeat, half is text that does not: compresses about as HTML does.
BODY = "".join(
    f'<tr class="row"><td><a href="/x/{n}">{get_random_string(36)}</a></td></tr>\n'
    for n in range(380)
)[:30_000]


@login_not_required
def bare(request):
    """Floor 1: Django, its middleware and 30 KB."""
    return HttpResponse(BODY)


def behind_login(request):
    """Floor 2: the same with session and user read from the database."""
    return HttpResponse(BODY if request.user.pk else "")


urlpatterns = [
    path("floor/bare/", bare),
    path("floor/login/", behind_login),
    path("", include("config.urls")),
]
