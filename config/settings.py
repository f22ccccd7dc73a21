"""One settings file. What differs between machines is read from the environment, typed and strict.

Nothing here is weaker by default than production needs: DEBUG is off unless asked for, and
without DEBUG the secret key must be given.
"""

from pathlib import Path

from csp.constants import NONE, SELF
from environs import Env, ValidationError, validate

from registers.access import ROLES

env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent

# What differs between machines --------------------------------------------------------------------

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = (
    env.str("SECRET_KEY", "for-development-only-" * 3)
    if DEBUG
    else env.str("SECRET_KEY", validate=validate.Length(min=32))
)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [])
# Whether people reach the site by https. Off only on a laptop or behind no proxy at all.
HTTPS = env.bool("HTTPS", not DEBUG)
# Whether a proxy in front sets X-Forwarded-Proto (and strips the visitor's own).
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
# How many of them stand one behind the other: each adds the address that it was asked from.
PROXIES = env.int("PROXIES", 1, validate=validate.Range(min=1)) if BEHIND_PROXY else 0
DATABASE_URL = env.str("DATABASE_URL", f"sqlite:///{BASE_DIR / 'db.sqlite3'}")
# Shown in the masthead, in exports and in e-mail.
ORGANISATION = env.str("ORGANISATION", "Your council")
# How readers reach the risk manager; shown at the foot of every page.
CONTACT = env.str("CONTACT", "")
# The address people use, for links in e-mail.
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000")

# How long something has to last before a flag asks about it, in editions: a row for every register
# ("*") and one for each that differs, by its slug, as JSON: {"*": {"stuck": 6}}. The names and the
# standard numbers stand in registers/domain/flags/thresholds.py.
FLAG_THRESHOLDS = env.json("FLAG_THRESHOLDS", {})

# The roles, by name, whose local accounts must have a second factor: "Risk manager,Auditor".
MFA_REQUIRED_FOR = env.list("MFA_REQUIRED_FOR", [], validate=validate.ContainsOnly(ROLES))

# How many days a file made of a pack is kept for whoever asks next; it can always be made again.
PACK_FILES_DAYS = env.int("PACK_FILES_DAYS", 90, validate=validate.Range(min=1))

# The feed for reporting tools: how many days a token lasts; how many days after its owner last
# signed in by the council's service it still opens anything; and how often one may ask a minute.
FEED_TOKEN_DAYS = env.int("FEED_TOKEN_DAYS", 365, validate=validate.Range(min=1))
FEED_SIGN_ON_DAYS = env.int("FEED_SIGN_ON_DAYS", 30, validate=validate.Range(min=1))
FEED_PER_MINUTE = env.int("FEED_PER_MINUTE", 60, validate=validate.Range(min=1))

# What a monitor says to read /metrics; without one there is no such page.
METRICS_TOKEN = env.str("METRICS_TOKEN", "", validate=validate.Regexp(r"^(\S{16,})?$"))


def _roles_by_group(said: object) -> None:
    """OIDC_ROLES: of each group the roles that its members have, on every register or by the slug
    of one.
    """
    if not isinstance(said, dict):
        raise ValidationError('This is not of the form {"Risk managers": ["Risk manager"]}.')
    for group, given in said.items():
        for roles in given.values() if isinstance(given, dict) else [given]:
            if not isinstance(roles, list) or not set(roles) <= set(ROLES):
                told = f"a list of roles is needed, out of {', '.join(ROLES)}; or one by register."
                raise ValidationError(f"{group}: {told}")


_something = validate.Length(min=1)
# Signing in by the council's own service (OpenID Connect); without an issuer there is none.
OIDC_ISSUER = env.str("OIDC_ISSUER", "").rstrip("/")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", validate=_something) if OIDC_ISSUER else ""
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", validate=_something) if OIDC_ISSUER else ""
# What people call it, for a button and for sentences: "Sign in with …".
OIDC_NAME = env.str("OIDC_NAME", "your council account")
OIDC_GROUPS_CLAIM = env.str("OIDC_GROUPS_CLAIM", "groups")
OIDC_ROLES = env.json("OIDC_ROLES", validate=_roles_by_group) if env.str("OIDC_ROLES", "") else {}
# After this long it is asked again, so that who has left a group has left its roles too.
OIDC_SESSION_HOURS = env.int("OIDC_SESSION_HOURS", 12, validate=validate.Range(min=1))
# Whether passwords open accounts. If not, they open one: that of the day when the service is away.
LOCAL_ACCOUNTS = env.bool("LOCAL_ACCOUNTS", True) if OIDC_ISSUER else True
EMERGENCY_ACCOUNT = (
    env.str("EMERGENCY_ACCOUNT", "")
    if LOCAL_ACCOUNTS
    else env.str("EMERGENCY_ACCOUNT", validate=_something)
)

# The application ----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "registers",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_tables2",
    "simple_history",
]

MIDDLEWARE = [
    "config.headers.Headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    # Whether this process is there and can work: asked by machines, often, and of no session.
    "registers.pages.operations.probes.Probes",
    # Names each request, for the log and for whoever asks about it.
    "config.requests.Requests",
    "django.middleware.gzip.GZipMiddleware",
    # Before anything is looked up: what can't be text is refused in words.
    "registers.pages.doors.Readable",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Under /api/ nobody has a session: who asks is told by a token.
    "registers.pages.accounts.feed_door.FeedDoor",
    # What was typed outlives the session it was typed in.
    "registers.pages.accounts.login.HoldText",
    # Nothing without login: a view is public only where it says so.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # Who must have a second factor and has none reaches nothing else.
    "registers.pages.accounts.factors.DemandFactor",
    "simple_history.middleware.HistoryRequestMiddleware",
    # The last of all: a form that is sent twice is answered twice and done once.
    "registers.pages.sending.SendOnce",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "registers.pages.context.site",
            ],
            # The tags that pages and the admin share live with the pages.
            "libraries": {
                name: f"registers.pages.tags.{name}"
                for name in ("drawing", "fivebyfive", "lookup", "sending")
            },
        },
    },
]

# Data ---------------------------------------------------------------------------------------------

DATABASES = {"default": env.dj_db_url("DATABASE_URL", DATABASE_URL, conn_max_age=600)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Readers never wait for the writer, and a writer waits its turn instead of failing.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A server that is gone without a word is said to be away, while somebody still waits for it.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)

CACHES = {
    # Wrong passwords, and what is asked of the feed, are counted here: together, however many
    # processes there are.
    "default": env.dj_cache_url("CACHE_URL", "db://registers_limit"),
    # Rendered parts of published editions; keyed by everything they depend on, so never stale.
    "pages": env.dj_cache_url("CACHE_URL", "locmem://"),
}
for _kind, _most in (("LocMemCache", 600), ("DatabaseCache", 100_000)):
    for _cache in CACHES.values():
        if _cache["BACKEND"].endswith(_kind):
            _cache["OPTIONS"] = {"MAX_ENTRIES": _most}

# People -------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "registers.User"
AUTHENTICATION_BACKENDS = ["registers.pages.accounts.login.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "registers.pages.accounts.login.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Whoever asks for a link for an address without an account is answered the same, and no mail goes.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False

# Wrong passwords are counted by account, and by the address of who types them. A whole council may
# come from one address, so that of an address many are taken.
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "100/m/ip,5/5m/key"}

# A second factor: codes of an app, passkeys, and codes on paper for the day they are lost.
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = f"Five by Five, {ORGANISATION}"
# A telephone's clock may be half a minute out.
MFA_TOTP_TOLERANCE = 1
# Addresses are kept by the risk manager, and are not asked to be confirmed.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Browsers keep no passkey for a site without https; a laptop alone is let off.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_ADAPTER = "registers.pages.accounts.factors.FactorAdapter"
MFA_FORMS = {
    "authenticate": "registers.pages.accounts.factors.CodeForm",
    "reauthenticate": "registers.pages.accounts.factors.CodeAgainForm",
}

SOCIALACCOUNT_ADAPTER = "registers.pages.accounts.sign_on.SignOnAdapter"
# A link begins it, not a form: the policy lets no form be answered by another site.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "council",
                "name": OIDC_NAME,
                "client_id": OIDC_CLIENT_ID,
                "secret": OIDC_CLIENT_SECRET,
                "settings": {"server_url": OIDC_ISSUER},
            }
        ],
    }
}

# Language and time --------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
FORMAT_MODULE_PATH = "config.formats"

# Files that browsers fetch ------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
# The guides under /help/ and the README show the same pictures.
STATICFILES_DIRS = [BASE_DIR / "static", ("guides", BASE_DIR / "docs" / "images")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

# Safety -------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
# As config/headers.py says of all that is ours: for no other site, files included.
WHITENOISE_ALLOW_ALL_ORIGINS = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
# Who asks how this process is does so from beside it, without TLS.
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]
SESSION_COOKIE_NAME = "fivebyfive"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# Mail and logs ------------------------------------------------------------------------------------

_email = env.dj_email_url("EMAIL_URL", "console:" if DEBUG else "smtp://localhost:25")
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _email["EMAIL_HOST"], _email["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_USER"], _email["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _email["EMAIL_USE_TLS"], _email["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", "Five by Five <register@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# One line a record, never with what people wrote: see config/logs.py.
_log_format = env.str("LOG_FORMAT", "plain", validate=validate.OneOf(["plain", "json"]))
_log_level = env.log_level("LOG_LEVEL", "WARNING")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"about": {"()": "config.logs.About"}},
    "formatters": {"line": {"()": f"config.logs.{_log_format.capitalize()}"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["about"],
        }
    },
    "root": {"handlers": ["stderr"], "level": _log_level},
    "loggers": {
        # A line for each request besides, whatever the level.
        "config.requests": {"level": "INFO" if env.bool("LOG_REQUESTS", False) else "WARNING"},
        # Django's own handlers would write every line once more, and mail some.
        "django": {"handlers": [], "level": "NOTSET"},
        # At no level: statements with their values, and pieces of the documents that are read.
        "django.db.backends": {"level": "WARNING"},
        "pdfminer": {"level": "ERROR"},
        "gunicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}

# Widgets are drawn by templates beside all others.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DJANGO_TABLES2_TEMPLATE = "registers/partials/table.html"
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
