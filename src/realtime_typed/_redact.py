"""What may be logged of a frame: no keys, no audio, no images."""

import re
from typing import Final

__all__ = ["redact_frame"]

_LOGGED: Final = 2000
# base64 of a tenth of a second and more; shorter runs are ids, words and hashes.
# Some servers write `/` as `\/` in JSON.
_LONG_BASE64: Final = re.compile(r"(?:[A-Za-z0-9+/_-]|\\/){120,}={0,2}")
_AUDIO: Final = re.compile(r'("(?:audio|delta)"\s*:\s*")((?:[A-Za-z0-9+/]|\\/){16,}={0,2})(")')
_KEY: Final = re.compile(r"\b(?:sk|ek|eph|rk)[-_][A-Za-z0-9_-]{6,}")
_CREDENTIAL: Final = re.compile(
    r'("(?:authorization|api_key|api-key|client_secret|ephemeral_key|value|headers)"\s*:\s*)("(?:[^"\\]|\\.)*"|\{[^{}]*\})',
    re.IGNORECASE,
)


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
    text = _CREDENTIAL.sub(r'\1"[redacted]"', text)
    text = _KEY.sub("[redacted]", text)
    return text if len(text) <= _LOGGED else f"{text[:_LOGGED]}… ({len(text) - _LOGGED} more characters)"
