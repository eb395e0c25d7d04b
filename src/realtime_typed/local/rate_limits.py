"""The `rate_limits.updated` event: what a session has used of limits that refuse nothing. Pure."""

from collections.abc import Mapping

from .requests import Wire

__all__ = ["RateLimits"]


class RateLimits:
    """The use of one session.

    Args:
        limits: Limits a minute by name (`requests`, `tokens`); `None` for no event.

    Attributes:
        tokens: How many tokens the session has used.
    """

    def __init__(self, limits: Mapping[str, int] | None) -> None:
        self._limits = limits
        self._requests = 0
        self.tokens: int = 0

    def count_request(self) -> Wire | None:
        """Count a response and make its event, `None` without limits."""
        if self._limits is None:
            return None
        self._requests += 1
        used = {"requests": self._requests, "tokens": self.tokens}
        rows = [
            {
                "name": name,
                "limit": limit,
                "remaining": max(0, limit - used.get(name, 0)),
                "reset_seconds": min(60.0, 60 * used.get(name, 0) / limit),
            }
            for name, limit in self._limits.items()
        ]
        return {"type": "rate_limits.updated", "rate_limits": rows}
