"""How often one address may do something. Counts live in the cache; keys hold no address."""

from django.core.cache import cache
from django.http import HttpRequest

from orgs.keys import fingerprint
from orgs.middleware import client_address


class RateLimit:
    """At most `times` acts per address (or per name given) in `minutes`, from the first act on."""

    def __init__(self, name: str, *, times: int, minutes: int) -> None:
        self.name, self.times, self.minutes = name, times, minutes

    def _key(self, who: HttpRequest | str) -> str:
        name = who if isinstance(who, str) else client_address(who) or "unknown"
        return f"limit:{self.name}:{fingerprint(name)}"

    def is_spent(self, who: HttpRequest | str) -> bool:
        return int(cache.get(self._key(who), 0)) >= self.times

    def count(self, who: HttpRequest | str) -> None:
        """Count one act. A counter that expires in between starts anew."""
        key = self._key(who)
        cache.add(key, 0, self.minutes * 60)
        try:
            cache.incr(key)
        except ValueError:
            cache.add(key, 1, self.minutes * 60)


# A family at one address may report several things; a robot sends hundreds.
PUBLIC_REPORTS = RateLimit("public-report", times=20, minutes=60)
# Changing one's mind is allowed; a hundred times an hour is not a mind.
RATINGS = RateLimit("rating", times=20, minutes=60)
# 8 characters cannot be guessed ten at a time.
WRONG_CODES = RateLimit("wrong-code", times=10, minutes=15)
# An app speaks for many people; its readers poll.
APP_REPORTS = RateLimit("app-report", times=3000, minutes=60)
APP_READS = RateLimit("app-read", times=1200, minutes=1)
OPEN_READS = RateLimit("open-read", times=300, minutes=1)
# Each one wakes whoever holds the case.
SUPPLEMENTS = RateLimit("supplement", times=10, minutes=60)
