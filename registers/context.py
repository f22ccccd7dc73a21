"""What every template may use besides its own view's context."""

from django.conf import settings


def site(request):
    return {"organisation": settings.ORGANISATION, "contact": settings.CONTACT}
