"""Who is let in: the API key, the client secrets made with it, and the HTTP errors that say no."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, Self, TypeAlias

from .requests import RequestError, Wire

__all__ = ["ClientSecret", "HttpError", "Keys", "SecretKind"]

SecretKind: TypeAlias = Literal["realtime", "translation"]
"""Which endpoint a client secret opens."""

_MAX_SECRETS: Final = 10_000


class HttpError(Exception):
    """A request that the service answers with an HTTP error.

    Args:
        status: The HTTP status.
        message: What is wrong. Never a key, not even a part of one: answers end up in logs.
        code: The error's code, `None` without.
        param: The parameter that is wrong, `None` without.
        headers: Headers of the answer. Default none.
    """

    def __init__(
        self,
        status: int,
        message: str,
        code: str | None,
        param: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.param = param
        self.headers: Mapping[str, str] = headers or {}

    @classmethod
    def of(cls, error: RequestError) -> Self:
        """The 400 of a body that the engine refuses."""
        return cls(400, error.message, error.code, error.param)

    def body(self) -> Wire:
        """The JSON body, in the service's form."""
        kind = "server_error" if self.status >= 500 else "invalid_request_error"
        return {"error": {"message": self.message, "type": kind, "code": self.code, "param": self.param}}


@dataclass(frozen=True, slots=True)
class ClientSecret:
    """A short-lived key and the session that it opens.

    Attributes:
        value: The key, `ek_…`.
        expires_at: From when it opens no session any more, in seconds of Unix time.
        kind: Which endpoint it is for.
        session: The configuration that its sessions begin with, as the request gave it.
    """

    value: str
    expires_at: int
    kind: SecretKind
    session: Wire


class Keys:
    """The API key and the client secrets of a server.

    Args:
        api_key: The one API key.
        clock: Seconds of Unix time.
    """

    def __init__(self, api_key: str, clock: Callable[[], float] = time.time) -> None:
        self._api_key = api_key.encode()
        self._clock = clock
        # By digest: finding one takes no longer for a key that is nearly right.
        self._secrets: dict[bytes, ClientSecret] = {}
        self._expired: set[bytes] = set()

    def check(self, given: str | None) -> ClientSecret | None:
        """Check a key.

        Args:
            given: What the client shows.

        Returns:
            The client secret that it is, `None` when it is the API key.

        Raises:
            HttpError: 401; the key is missing, wrong or expired.
        """
        if given is None:
            raise HttpError(401, "Missing bearer authentication in header.", "invalid_api_key")
        key = given.encode()
        if hmac.compare_digest(key, self._api_key):
            return None
        digest = hashlib.sha256(key).digest()
        secret = self._secrets.get(digest)
        if secret is None:
            raise HttpError(401, "Incorrect API key provided.", "invalid_api_key")
        if digest in self._expired or self._clock() >= secret.expires_at:
            raise HttpError(401, "The client secret has expired; create a new one.", "client_secret_expired")
        return secret

    def require_api_key(self, given: str | None) -> None:
        """Check that a key is the API key.

        Raises:
            HttpError: 401 as `check`; 403 for a client secret.
        """
        if self.check(given) is not None:
            message = "A client secret opens sessions and nothing else; use an API key."
            raise HttpError(403, message, "insufficient_permissions")

    def mint(self, kind: SecretKind, seconds: int, session: Wire) -> ClientSecret:
        """Make a client secret that expires in `seconds`; beyond 10,000 the oldest goes."""
        expires_at = int(self._clock()) + seconds
        secret = ClientSecret(f"ek_{secrets.token_hex(16)}", expires_at, kind, session)
        self._secrets[hashlib.sha256(secret.value.encode()).digest()] = secret
        if len(self._secrets) > _MAX_SECRETS:
            oldest = next(iter(self._secrets))
            del self._secrets[oldest]
            self._expired.discard(oldest)
        return secret

    def expire(self) -> None:
        """Let every client secret made so far be expired."""
        self._expired.update(self._secrets)
