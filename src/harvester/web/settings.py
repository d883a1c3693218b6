"""Django settings, from the environment (docs/how-to tells which variables there are).

``HARVESTER_HOME`` the store; ``DATABASE_URL``; ``ALLOWED_HOSTS``; ``HARVESTER_DEBUG``;
``HARVESTER_HTTPS`` (1 behind TLS: secure cookies, HSTS); ``HARVESTER_TRUSTED_PROXIES`` how many
proxies of ours stand in front; ``HARVESTER_SECOND_FACTOR``, ``HARVESTER_SESSION_MINUTES``,
``HARVESTER_IDLE_MINUTES``, ``HARVESTER_OIDC_*`` how people sign in;
``HARVESTER_SMTP_*``, ``HARVESTER_MAIL_FROM`` and ``HARVESTER_ADDRESS`` reminders by e-mail, which are
printed where no server is told; ``HARVESTER_TRUST_ROOTS`` and ``HARVESTER_SEAL_*`` how texts are
signed.
"""

from __future__ import annotations

import os

from csp.constants import NONE, SELF
from django.utils.functional import lazy

from harvester.engine.granary import home_from_environment
from harvester.web import environment

HARVESTER_HOME = home_from_environment().resolve()
# Lazy, so that reading the settings (a test, a linter) writes nothing.
SECRET_KEY = lazy(environment.secret_key, str)(HARVESTER_HOME)
DEBUG = environment.flag("HARVESTER_DEBUG", default=False)
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", LOCAL_HOSTS)
# Cookies are marked secure as soon as any host but this machine is served.
HTTPS = environment.flag("HARVESTER_HTTPS", default=not set(ALLOWED_HOSTS) <= set(LOCAL_HOSTS))
PROXIES = int(os.environ.get("HARVESTER_TRUSTED_PROXIES", "0"))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_htmx",
    "leaflet",
    "csp",
    "harvester.web.apps.WebConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "harvester.web.middleware.WhoIsAsking",
    "harvester.web.middleware.PlainErrors",
]
ROOT_URLCONF = "harvester.web.urls"
WSGI_APPLICATION = "harvester.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [os.path.join(os.path.dirname(__file__), "templates")],  # noqa: PTH118, PTH120
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "harvester.web.context.page",
            ],
            "builtins": ["harvester.web.templatetags.harvester"],
        },
    },
]

DATABASES = {"default": environment.database(os.environ.get("DATABASE_URL", ""), HARVESTER_HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Counts of attempts hold for every process that serves, so they are kept where all can reach them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "harvester_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

LANGUAGE_CODE = "en-za"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Africa/Johannesburg"

# --- Sign-in -------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
ACCOUNT_ADAPTER = "harvester.web.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "20/5m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
SESSION_COOKIE_AGE = environment.minutes("HARVESTER_SESSION_MINUTES", 12 * 60) * 60
SESSION_IDLE_SECONDS = environment.minutes("HARVESTER_IDLE_MINUTES", 60) * 60
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# A second factor: an app's codes, a passkey, and codes on paper for when both are lost. Where other
# machines are served, an account without one has no more rights than anyone.
SECOND_FACTOR_REQUIRED = environment.flag("HARVESTER_SECOND_FACTOR", default=HTTPS)
MFA_ADAPTER = "harvester.web.accounts.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses come from the operator
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

# Sign-in through an institution's own provider (OpenID Connect), when one is told.
PROVIDER = environment.provider()
SOCIALACCOUNT_ADAPTER = "harvester.web.accounts.ProviderAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [PROVIDER] if PROVIDER else []}
}

# --- Reminders -----------------------------------------------------------------------------------
MAIL = environment.mail()
EMAIL_BACKEND, EMAIL_HOST, EMAIL_PORT = MAIL.backend, MAIL.host, MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL, EMAIL_TIMEOUT = MAIL.starttls, MAIL.tls, 20
DEFAULT_FROM_EMAIL = os.environ.get("HARVESTER_MAIL_FROM", "").strip() or "harvester@localhost"
SITE_ADDRESS = environment.address()

# --- Safety --------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS", [])
CSRF_FAILURE_VIEW = "harvester.web.views.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [NONE],
        "object-src": [NONE],
        "base-uri": [NONE],
        # A browser follows a form's redirect to the provider only where the policy names it.
        "form-action": [SELF, *environment.origins(PROVIDER)],
        "frame-ancestors": [NONE],
    },
}

# --- Signing -------------------------------------------------------------------------------------
# Certificates the operator trusts, and the key of the platform's seal. Without one the program makes
# a key for itself that says it is for development; where other machines are served it does not.
TRUST_ROOTS = environment.path("HARVESTER_TRUST_ROOTS")
SEAL_KEY = environment.path("HARVESTER_SEAL_KEY")
SEAL_CERTIFICATE = environment.path("HARVESTER_SEAL_CERTIFICATE")
SEAL_PASSPHRASE = os.environ.get("HARVESTER_SEAL_PASSPHRASE", "")
SEAL_FOR_DEVELOPMENT = not HTTPS

# --- Uploads -------------------------------------------------------------------------------------
UPLOAD_BYTES_PER_FILE = 100 * 1024 * 1024
UPLOAD_BYTES_PER_REQUEST = 300 * 1024 * 1024
UPLOAD_FILES_PER_REQUEST = 40
DATA_UPLOAD_MAX_NUMBER_FILES = UPLOAD_FILES_PER_REQUEST
# The contents of a protocol are one form; eighty rows of each section are some two thousand fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "harvester.web.uploading.SizeLimit",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Static files: served from the packages, no collection step, no network -----------------------
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 24 * 60 * 60
LEAFLET_CONFIG = {"TILES": [], "NO_GLOBALS": False}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
