"""When a request is sent again, and after how long. Decides only; `requests` waits and sends.

The rules are those of OpenAI's own SDK where they are known (statuses, 0.5 s doubled up to 8 s with a quarter of
jitter, `Retry-After` up to a minute), with two of our own: 409 is not repeated, because here it says that the call has
moved on, and a request that may have reached the service is repeated only where doing it twice does no harm.
"""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

__all__ = ["LONGEST_WAIT", "backoff", "is_retryable", "retry_after"]

LONGEST_WAIT: Final = 60.0
"""The longest `Retry-After` that is waited for, in seconds; a longer one is handed to the caller as an error."""

_FIRST: Final = 0.5
_MOST: Final = 8.0
_JITTER: Final = 0.25
# 501 and 505 say that the service cannot do it at all.
_FINAL: Final = frozenset({501, 505})


def is_retryable(status: int) -> bool:
    """Whether an answer of this status may be another one the next time: 408, 429 and the failures of a server."""
    return status in (408, 429) or (500 <= status < 600 and status not in _FINAL)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """How long the service wants to be left alone.

    Args:
        headers: The answer's headers, names in lower case or found without regard to case.
        now: The time, with a time zone.

    Returns:
        Seconds, 0 or more, from `retry-after-ms` (milliseconds, as OpenAI and Azure send it) or `Retry-After` (seconds,
        or a date, RFC 9110 section 10.2.3). `None` when there is neither, or it says nothing.
    """
    for name, divisor in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        value = headers.get(name)
        if value is None:
            continue
        try:
            seconds = float(value) / divisor
        except ValueError:
            continue
        if math.isfinite(seconds) and seconds >= 0:
            return seconds
    date = headers.get("retry-after")
    if date is None:
        return None
    try:
        until = parsedate_to_datetime(date)
        if until.tzinfo is None:
            until = until.replace(tzinfo=UTC)
        return max(0.0, (until - now).total_seconds())
    except (ValueError, OverflowError):  # no date, or one of a day or a year that no calendar has
        return None


def backoff(attempt: int, chance: float) -> float:
    """How long to wait when the service did not say.

    Args:
        attempt: How many attempts have failed so far, 1 or more.
        chance: A random number in [0, 1), so that clients which failed together do not come back together.

    Returns:
        Seconds: 0.5, 1, 2, 4, then 8, less up to a quarter.
    """
    return min(_FIRST * 2.0 ** min(attempt - 1, 10), _MOST) * (1.0 - _JITTER * chance)
