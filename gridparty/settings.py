"""The one settings file. Every knob is an environment variable; see README, "Configuration"."""

import os
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from gridparty.lib.secrets import development_secret
from gridparty.lib.tiles import tile_source
from gridparty.schedule import BEAT_SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def env_list(name: str) -> list[str]:
    return [part.strip() for part in env(name).split(",") if part.strip()]


ENVIRONMENT = env("GRIDPARTY_ENV", "development")
if ENVIRONMENT not in ("development", "production"):
    raise ImproperlyConfigured(
        f"GRIDPARTY_ENV 只能是 development 或 production，现在是 {ENVIRONMENT!r}。"
    )
PRODUCTION = ENVIRONMENT == "production"
TESTING = "PYTEST_VERSION" in os.environ

DATA_DIR = Path(env("GRIDPARTY_DATA_DIR") or BASE_DIR / "var").resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)


def secret(name: str) -> str:
    """Read a secret from the environment; development makes its own, production refuses."""
    value = env(name)
    if value:
        return value
    if PRODUCTION:
        raise ImproperlyConfigured(
            f"生产环境必须设置环境变量 {name}。可用 python -c "
            '"import secrets; print(secrets.token_urlsafe(48))" 生成一个，并妥善保存。'
        )
    return development_secret(DATA_DIR / "development.secret", name)


DEBUG = env("GRIDPARTY_DEBUG") == "1" and not PRODUCTION
SECRET_KEY = secret("SECRET_KEY")
if PRODUCTION and len(SECRET_KEY) < 40:
    raise ImproperlyConfigured("SECRET_KEY 太短，生产环境至少需要 40 个字符。")

# Personal data: "id:secret,id:secret"; the first key seals, all open. See docs/deploy.md.
_keys = secret("GRIDPARTY_KEYS")
if ":" not in _keys:
    if PRODUCTION:
        raise ImproperlyConfigured("GRIDPARTY_KEYS 的写法是 编号:密钥，例如 k1:一串随机字符。")
    _keys = f"dev:{_keys}"
PERSONAL_KEYS = dict(pair.strip().split(":", 1) for pair in _keys.split(","))
PERSONAL_CIPHER = env("GRIDPARTY_CIPHER", "SM4-GCM")
# The look-up fingerprint has a key of its own: rotating the sealing keys must not change it.
FINGERPRINT_KEY = secret("GRIDPARTY_FINGERPRINT_KEY")
FINGERPRINT_ALGORITHM = env("GRIDPARTY_FINGERPRINT", "SM3")

ALLOWED_HOSTS = env_list("GRIDPARTY_ALLOWED_HOSTS")
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "生产环境必须设置 GRIDPARTY_ALLOWED_HOSTS，例如 grid.example.gov.cn。"
    )
if not PRODUCTION:
    ALLOWED_HOSTS += [".localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = env_list("GRIDPARTY_TRUSTED_ORIGINS")

# Bottom to top: an app imports only what stands before it. tests/test_architecture.py reads this.
OUR_APPS = [
    "orgs",
    "notices",
    "grids",
    "residents",
    "cases",
    "volunteers",
    "councils",
    "partybuilding",
    "assessments",
]

INSTALLED_APPS = [
    "gridparty.apps.GridpartyConfig",
    "gridparty.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "mptt",
    "import_export",
    "rest_framework",
    "rest_framework.authtoken",
    "django_filters",
    "drf_spectacular",
    "axes",
    *OUR_APPS,
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "orgs.middleware.SecurityHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "orgs.middleware.RequestFactsMiddleware",
    "orgs.middleware.NulGuardMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "gridparty.urls"
WSGI_APPLICATION = "gridparty.wsgi.application"

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
                "orgs.context.chrome",
                "notices.context.bell",
            ],
            "builtins": ["orgs.templatetags.ui"],
        },
    },
]
# Widgets are drawn by the engine above: a template of ours may replace Django's.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {
    "default": dj_database_url.parse(
        env("DATABASE_URL") or f"sqlite:///{(DATA_DIR / 'gridparty.sqlite3').as_posix()}",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # Our queries are short: compiling one (a dashboard's union: 0.9 s) costs many times what it saves.
    # Django joins from the table asked along foreign keys, so the written order is a good one. To try
    # all orders of nine tables took 15 to 24 ms of every list of fifty; in fours it takes 4.
    _options = DATABASES["default"].setdefault("OPTIONS", {})
    # Solid-state disks or a database in memory, as everywhere today: a page out of order costs no
    # more than the next one. (On turning disks: options=-c random_page_cost=4 in DATABASE_URL.)
    _plans = "-c jit=off -c join_collapse_limit=4 -c random_page_cost=1.1"
    _options["options"] = f"{_plans} {_options.get('options', '')}".strip()
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: without it two writers lose each other to "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
# SQLite ignores the extra columns of covering indexes, which are for PostgreSQL.
SILENCED_SYSTEM_CHECKS = ["models.W040"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL")
if REDIS_URL:
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    }
else:
    # Files, not memory: the web processes count the tries of an address together.
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(DATA_DIR / "cache"),
        }
    }

CELERY_BROKER_URL = env("CELERY_BROKER_URL") or REDIS_URL or "filesystem://localhost/"
if CELERY_BROKER_URL.startswith("filesystem:"):
    _queue = DATA_DIR / "broker"
    _queue.mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue),
        "data_folder_out": str(_queue),
        "control_folder": str(_queue / "control"),
        "processed_folder": str(_queue / "processed"),
        "polling_interval": 0.1,
    }
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")

AUTH_USER_MODEL = "orgs.User"
AUTHENTICATION_BACKENDS = [
    "orgs.backends.LockoutBackend",
    "orgs.backends.AccountBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "orgs.passwords.LengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

# 等保 2.0: five failures lock the account at that address for fifteen minutes.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
# Behind the proxy every connection comes from one address: ask for the one the proxy names.
AXES_CLIENT_IP_CALLABLE = "orgs.middleware.client_address"
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address"]

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
# Collected files are a matter of production; development serves from the sources.
STATIC_ROOT = Path(env("GRIDPARTY_STATIC_ROOT") or BASE_DIR / "staticfiles") if PRODUCTION else None
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# Uploads are served only by views that check scope; there is no MEDIA_URL.
MEDIA_ROOT = DATA_DIR / "media"
# A pasted group may bring nine pictures for each of thirty drafts.
DATA_UPLOAD_MAX_NUMBER_FILES = 300
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
MAX_IMAGE_BYTES = 10 * 1024 * 1024
MAX_ROSTER_BYTES = 50 * 1024 * 1024
# Rows of a roster written in one transaction; a cancel and an interruption take effect between.
# 0 leaves it to the size of the file (residents/roster/apply.py).
ROSTER_BATCH_ROWS = int(env("GRIDPARTY_ROSTER_BATCH_ROWS", "0"))
# Uploaded files and their results are deleted after this many days, undo records after these.
KEEP_UPLOADS_DAYS = int(env("GRIDPARTY_KEEP_UPLOADS_DAYS", "30"))
UNDO_DAYS = 7
# Photos of a case and of its accountability records are erased this long after it has ended.
KEEP_PHOTOS_YEARS = int(env("GRIDPARTY_KEEP_PHOTOS_YEARS", "5"))

# Read from the cache, kept in the database: a flushed cache logs nobody out.
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
if PRODUCTION:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env("GRIDPARTY_SSL_REDIRECT", "1") == "1"
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = int(env("GRIDPARTY_HSTS_SECONDS", "31536000"))
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# The open interface (docs/open311.md): in production only where somebody has said so.
OPEN311 = env("GRIDPARTY_OPEN311", "0" if PRODUCTION else "1") == "1"

# The map works without tiles. A base map is a URL template ({z} {x} {y}, {s} for mirrors);
# GCJ says that it is drawn in GCJ-02 (高德), so that outlines are shifted for display only.
MAP_TILES = env("GRIDPARTY_MAP_TILES")
MAP_TILES_GCJ = env("GRIDPARTY_MAP_TILES_GCJ") == "1"
MAP_TILES_MIRRORS = env("GRIDPARTY_MAP_TILES_MIRRORS", "abc")
# The base map's own notice, with its 审图号.
MAP_NOTICE = env("GRIDPARTY_MAP_NOTICE")
try:
    _tile_host = tile_source(MAP_TILES)
except ValueError as error:
    raise ImproperlyConfigured(f"GRIDPARTY_MAP_TILES {error}") from None

CONTENT_SECURITY_POLICY = (
    f"default-src 'self'; img-src 'self' data: blob:{_tile_host}; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)

# Notices. Robots and gateways may only be reached at these origins ("https://host[:port]").
NOTICE_ORIGINS = [
    "https://qyapi.weixin.qq.com",
    "https://oapi.dingtalk.com",
    *(origin.rstrip("/").lower() for origin in env_list("GRIDPARTY_NOTICE_ORIGINS")),
]
# This site's own address, for links in messages; without it they carry none.
NOTICE_SITE = env("GRIDPARTY_SITE_URL").rstrip("/")
EMAIL_HOST = env("GRIDPARTY_EMAIL_HOST", "localhost")
EMAIL_PORT = int(env("GRIDPARTY_EMAIL_PORT", "25"))
EMAIL_HOST_USER = env("GRIDPARTY_EMAIL_USER")
EMAIL_HOST_PASSWORD = env("GRIDPARTY_EMAIL_PASSWORD")
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = EMAIL_PORT == 587
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("GRIDPARTY_EMAIL_FROM", "gridparty@localhost")
# E-mail is a way out only where a server has been named.
NOTICE_EMAIL = bool(env("GRIDPARTY_EMAIL_HOST"))

REST_FRAMEWORK = {
    # The token class first: it makes "not signed in" a 401 instead of a 403.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PARSER_CLASSES": [
        "orgs.rest.parsers.CleanJSONParser",
        "orgs.rest.parsers.CleanFormParser",
        "orgs.rest.parsers.CleanMultiPartParser",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "orgs.rest.pagination.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "orgs.rest.errors.chinese_errors",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "网格党建平台 API",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # Choices whose fields share a name ("kind", "status") need one of their own.
    "ENUM_NAME_OVERRIDES": {
        "CaseStatusEnum": "cases.workflow.status_choices",
        "CaseSourceEnum": "cases.catalog.Source",
        "AccountKindEnum": "cases.accountability.AccountKind",
        "NeedSourceEnum": "residents.models.Need.Source",
        "GridKindEnum": "grids.catalog.GridKind",
        "HouseholdKindEnum": "residents.models.Household.Kind",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # Scanners name hosts of their own all day; the answer is 400, a trace of each helps nobody.
    "loggers": {"django.security.DisallowedHost": {"handlers": [], "propagate": False}},
    "root": {"handlers": ["console"], "level": env("GRIDPARTY_LOG_LEVEL", "INFO")},
}

if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    CELERY_BROKER_URL = env("CELERY_BROKER_URL") or "memory://"
    AXES_ENABLED = False
