"""Logging in: no public sign-up, and a user that arrives with their roles."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend

from registers.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the risk manager."""

    def is_open_for_signup(self, request):
        return False


class Backend(AuthenticationBackend):
    """As allauth's, but the user of a request comes with the roles in the same query."""

    def get_user(self, user_id):
        user = User.objects.with_roles().filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
