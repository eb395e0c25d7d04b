"""What may be shown: texts without keys, frames without audio and images; and what is not pickled with its key."""

import re
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    import httpx

__all__ = [
    "HoldsKeys",
    "SecretText",
    "beginning",
    "forget_headers",
    "hide_keys",
    "is_secret_name",
    "redact_frame",
    "shorten",
]

_SHOWN: Final = 200
_LOGGED: Final = 2000
# base64 of a tenth of a second and more; shorter runs are ids, words and hashes.
# Some servers write `/` as `\/` in JSON.
_LONG_BASE64: Final = re.compile(r"(?:[A-Za-z0-9+/_-]|\\/){120,}={0,2}")
_AUDIO: Final = re.compile(r'("(?:audio|delta)"\s*:\s*")((?:[A-Za-z0-9+/]|\\/){16,}={0,2})(")')
_KEY: Final = re.compile(r"\b(?:sk|ek|eph|rk)[-_][A-Za-z0-9_-]{6,}")
_BEARER: Final = re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE)
_URL_USER: Final = re.compile(r"(?<=://)[^/\s\"'@]+@")
_NAMES: Final = (
    "authorization|proxy-authorization|api_key|apikey|api-key|x-api-key|client_secret|ephemeral_key|access_token|"
    "refresh_token|id_token|password|secret|cookie|set-cookie|credential|credentials"
)
_CREDENTIAL: Final = re.compile(
    r'("(?:' + _NAMES + r'|value|headers)"\s*:\s*)("(?:[^"\\]|\\.)*"|\{[^{}]*\})',
    re.IGNORECASE,
)
_SECRET_NAME: Final = re.compile(rf"{_NAMES}|key|token|signature|sig|auth", re.IGNORECASE)


def is_secret_name(name: str) -> bool:
    """Whether a header, a field or a parameter of this name holds a credential."""
    return _SECRET_NAME.fullmatch(name) is not None


def hide_keys(text: str) -> str:
    """Replace what has the form of a key, a `Bearer` header, or the user and password of a URL."""
    text = _KEY.sub("[redacted]", text)
    text = _BEARER.sub(r"\1 [redacted]", text)
    return _URL_USER.sub("[redacted]@", text)


def shorten(text: str, limit: int = _SHOWN) -> str:
    """Cut `text` to `limit` characters, saying how many were left out.

    Args:
        text: Any text, for instance a frame that may hold megabytes of base64.
        limit: How many characters to keep. Default 200.

    Returns:
        The text itself when it fits, otherwise its beginning and the number of characters cut.
    """
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… ({len(text) - limit} more characters)"


def beginning(frame: str | bytes) -> str:
    """What an error shows of a frame or body, without keys: it may be megabytes long, so only a part is looked at."""
    if isinstance(frame, str):
        head, rest = hide_keys(frame[: 4 * _SHOWN]), len(frame) - 4 * _SHOWN
        return shorten(head) if rest <= 0 else f"{head[:_SHOWN]}… ({len(frame) - _SHOWN} more characters)"
    head = hide_keys(bytes(frame[: 4 * _SHOWN]).decode("utf-8", "replace"))
    return shorten(head) if len(frame) <= 4 * _SHOWN else f"{head[:_SHOWN]}… ({len(frame)} bytes in all)"


def redact_frame(frame: str | bytes) -> str:
    """Make a frame fit for a log.

    Args:
        frame: One event as JSON text or its UTF-8 bytes.

    Returns:
        The frame with keys, credentials and base64 replaced by what was there, at most 2,000 characters of it.
    """
    text = frame if isinstance(frame, str) else frame.decode("utf-8", "replace")
    text = _AUDIO.sub(lambda match: f"{match[1]}[{len(match[2])} characters of base64]{match[3]}", text)
    text = _LONG_BASE64.sub(lambda match: f"[{len(match[0])} characters]", text)
    text = hide_keys(_CREDENTIAL.sub(r'\1"[redacted]"', text))
    return text if len(text) <= _LOGGED else f"{text[:_LOGGED]}… ({len(text) - _LOGGED} more characters)"


class SecretText(str):
    """A key or the value of a header: sent like any text, and not shown by `repr`.

    Tools that report errors write down the local variables of a traceback by their `repr`, and of dicts that of the
    values.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "'[redacted]'"


class HoldsKeys:
    """The base of what cannot be pickled, or copied by the same means: the key would lie in a file or a cache."""

    __slots__ = ()

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} holds keys and cannot be pickled or copied; make a new one")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        self.__reduce__()


def forget_headers(error: "httpx.RequestError") -> None:
    """Take headers and query out of the request that an error of httpx carries, before it becomes a cause."""
    request = error.request
    error.request = type(request)(request.method, request.url.copy_with(query=None))
