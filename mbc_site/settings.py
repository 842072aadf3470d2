"""All settings, read from the environment. See the table in README.md."""

from __future__ import annotations

import datetime
from pathlib import Path

from csp.constants import NONE, SELF

from mbc_site import environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
CONTENT_DIR = BASE_DIR / "content"

DEBUG = environment.flag("DEBUG", default=False)
SECRET_KEY = environment.secret("SECRET_KEY", VAR_DIR / "secret_key")
ALLOWED_HOSTS = environment.hosts("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
PORT = environment.number("PORT", 8000, 1, 65535)
WORKERS = environment.number("WORKERS", 2, 1, 64)
# Behind a reverse proxy that sets X-Forwarded-Proto and X-Forwarded-For itself.
TRUST_PROXY = environment.flag("TRUST_PROXY", default=False)

INSTALLED_APPS = [
    "mbc_site.admin_config.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "django_htmx",
    "template_partials",
    "guide",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Safe with what a form holds: tokens are masked anew each time, and Django pads each answer at random.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "guide.http.CsrfMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "guide.editing.guarding.EndOfSession",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "mbc_site.urls"
WSGI_APPLICATION = "mbc_site.wsgi.application"

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
                "guide.library.context",
            ],
        },
    },
]

DATABASES = {"default": environment.database("DATABASE_URL", VAR_DIR / "guide.sqlite3")}
# What all processes count together. Nothing of readers is kept here but keyed marks of addresses; they count for ten minutes.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "shared": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "guide_shared_cache"},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Staff sign in with a password and a code from their phone. Readers have no account: nothing below concerns them.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
# The first makes new hashes; the others read old ones, which the next sign-in replaces.
PASSWORD_HASHERS = [
    "guide.editing.guarding.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
OTP_TOTP_ISSUER = "MBC Guide desk"  # what the app on the phone calls it
# So many wrong passwords for one name from one address, or for any names from one address; then wait.
AXES_HANDLER = "guide.editing.guarding.Throttle"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_FAILURES_FROM_AN_ADDRESS = 50
AXES_COOLOFF_TIME = datetime.timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "admin/locked_out.html"
# It keeps a keyed mark of the name, the address, and nothing of the form; and its own log would only double ours.
AXES_USERNAME_CALLABLE = "guide.editing.guarding.mark_of_name"
AXES_CLIENT_IP_CALLABLE = "guide.addresses.network_of"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "user_agent", "csrfmiddlewaretoken", "next"]
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUST_PROXY else None
X_FRAME_OPTIONS = "DENY"
# Only staff have a session. It ends with the browser, with a new password, after a day's work, and when nobody uses it.
SESSION_COOKIE_AGE = 8 * 60 * 60  # seconds
SESSION_UNUSED_AGE = 60 * 60  # seconds
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_PATH = "/admin/"
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TRUST_PROXY
SECURE_HSTS_SECONDS = 31_536_000 if TRUST_PROXY else 0
CSRF_COOKIE_AGE = None  # gone with the browser: it would tell that a form was used here
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "guide.failing.no_token"

# A plan is a few thousand letters; more than this is no plan.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # bytes
# What somebody uploads is read in memory: a larger file would be written to a disk as it is, so it is not taken at all.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    # Somebody may have typed the code of a plan after the address of the site.
    "filters": {"no_addresses": {"()": "mbc_site.logs.WithoutAddresses"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["no_addresses"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "axes": {"level": "WARNING"},
        # Below INFO it writes down all that a page was made from, a plan and its code too. Whoever wants to see more gets it from the rest.
        "django.template": {"level": "INFO"},
    },
}
