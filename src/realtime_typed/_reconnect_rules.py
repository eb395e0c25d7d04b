"""When a lost connection is made anew, and when not: one table, with reasons. Pure.

Three things speak, the first that has something to say decides: the `error` event that came last before the close, the
close code, and, where a connect failed, its HTTP status. docs/reconnect.md shows this table; a test holds both equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from .errors import ConnectError, ConnectionClosed, EphemeralKeyError, ServerError

__all__ = ["RULES", "Rule", "Verdict", "of_close", "of_failure", "table"]

Verdict = Literal["retry", "fresh_key", "stop"]
"""`"retry"`; `"fresh_key"`, which is retried once, with a new key; or `"stop"`."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row.

    Attributes:
        source: What it is about: `"error"`, an `error` event; `"close"`; `"status"`, an HTTP status of the handshake;
            `"key"`, why there is no short-lived key; or `"other"`.
        value: Which one.
        verdict: What the client does.
        why: The reason.
    """

    source: Literal["error", "close", "status", "key", "other"]
    value: str
    verdict: Verdict
    why: str

    @property
    def retries(self) -> bool:
        """Whether it is tried again at all."""
        return self.verdict != "stop"


RULES: Final[tuple[Rule, ...]] = (
    Rule("error", "invalid_api_key", "stop", "the key is wrong, and will be wrong the next time"),
    Rule("error", "insufficient_quota", "stop", "the account has no money left; trying again costs more of nothing"),
    Rule("error", "beta_api_shape_disabled", "stop", "the service does not speak the beta dialect; use dialect='ga'"),
    Rule("error", "model_not_found", "stop", "there is no such model, or this key may not use it"),
    Rule("error", "session_expired", "retry", "the session has reached its time limit; a new one has not"),
    Rule("error", "inference_rate_limit_exceeded", "retry", "the limit is one of time, and the delay grows"),
    Rule("error", "rate_limit_exceeded", "retry", "the limit is one of time, and the delay grows"),
    Rule("error", "server_error", "retry", "the service failed, not the request"),
    Rule("close", "1000", "stop", "the service has ended the session in agreement"),
    Rule("close", "1001", "retry", "the server goes away, or the session has reached its time limit"),
    Rule("close", "1002", "retry", "a frame was damaged on its way"),
    Rule("close", "1003", "stop", "the service does not take what this client sends"),
    Rule("close", "1005", "retry", "the connection was closed without a reason"),
    Rule("close", "1006", "retry", "the line was lost"),
    Rule("close", "1007", "stop", "the service does not take what this client sends"),
    Rule("close", "1008", "stop", "the service refuses this client by its policy"),
    Rule("close", "1009", "stop", "a message was too large, and would be so again"),
    Rule("close", "1010", "stop", "the service lacks what this client asks for"),
    Rule("close", "1011", "retry", "the service failed"),
    Rule("close", "1012", "retry", "the service restarts"),
    Rule("close", "1013", "retry", "the service is busy"),
    Rule("close", "1014", "retry", "a server between had a bad answer from the service"),
    Rule("close", "1015", "stop", "the certificate is not trusted, and will not be the next time"),
    Rule("close", "3000", "stop", "the service does not know this client"),
    Rule("close", "3003", "stop", "the service forbids it"),
    Rule("close", "3008", "retry", "the service has waited too long"),
    Rule("close", "4000", "stop", "the service refuses the session right after the handshake"),
    Rule("status", "400", "stop", "the request is wrong, and would be so again"),
    Rule("status", "401", "fresh_key", "a short-lived key may have expired; a standard key is wrong"),
    Rule("status", "402", "stop", "the account has no money left"),
    Rule("status", "403", "stop", "the key may not do this"),
    Rule("status", "404", "stop", "there is no such model, address or call"),
    Rule("status", "405", "stop", "the address is not one of a session"),
    Rule("status", "407", "stop", "a proxy between wants credentials"),
    Rule("status", "408", "retry", "the service has waited too long"),
    Rule("status", "409", "stop", "the call is attached to already, or has another state"),
    Rule("status", "410", "stop", "the call has ended"),
    Rule("status", "415", "stop", "the service does not take this kind of request"),
    Rule("status", "422", "stop", "the request is wrong, and would be so again"),
    Rule("status", "425", "retry", "the service asks for it later"),
    Rule("status", "426", "stop", "the address speaks another protocol"),
    Rule("status", "429", "retry", "too many requests; Retry-After is honoured"),
    Rule("status", "4xx", "stop", "the service refuses the request"),
    Rule("status", "5xx", "retry", "the service failed; Retry-After is honoured"),
    Rule("status", "other", "retry", "an answer that a service does not give; something between did"),
    Rule("status", "none", "retry", "the service cannot be reached now"),
    Rule("key", "unreachable", "retry", "the backend that gives keys cannot be reached now"),
    Rule("key", "timeout", "retry", "the backend that gives keys did not answer in time"),
    Rule("key", "redirect", "stop", "the backend that gives keys is elsewhere"),
    Rule("key", "too_long", "stop", "the backend does not give keys"),
    Rule("key", "not_json", "stop", "the backend does not give keys"),
    Rule("key", "missing", "stop", "the backend does not give keys"),
    Rule("key", "empty", "stop", "the backend does not give keys"),
    Rule("key", "malformed", "stop", "the backend does not give keys"),
    Rule("other", "no key", "stop", "there is no key, or its function failed"),
    Rule("other", "configuration", "stop", "the service refuses the session's configuration"),
    Rule("other", "timeout", "retry", "the service did not connect, or restore the session, in time"),
)

_BY: Final[Mapping[tuple[str, str], Rule]] = {(rule.source, rule.value): rule for rule in RULES}
_UNKNOWN: Final = Rule("close", "other", "retry", "a code that says nothing of the next try")
_NO_REFUSAL: Final = Rule("close", "other", "stop", "a code of the application's own, which ends the session")


def of_close(closed: ConnectionClosed, error_code: str | None = None, *, media: bool = False) -> Rule:
    """What a close means.

    Args:
        closed: How the connection ended.
        error_code: The code of the `error` event that came last, if nothing came after it.
        media: Whether it was a WebRTC connection, whose end has no code: it counts as a lost line.
    """
    told = _BY.get(("error", error_code or ""))
    if told is not None:
        return told
    code = 1006 if media and closed.code == 1000 else closed.code
    known = _BY.get(("close", str(code)))
    if known is not None:
        return known
    return _NO_REFUSAL if 4000 <= code < 5000 else _UNKNOWN


def of_failure(error: BaseException) -> Rule:
    """What it means that a connect, or the restoring after it, failed.

    Args:
        error: What was raised.
    """
    if isinstance(error, EphemeralKeyError) and error.reason != "status":
        return _BY["key", error.reason]
    if isinstance(error, ConnectError):
        return _of_status(error.status)
    if isinstance(error, ConnectionClosed):
        return of_close(error)
    if isinstance(error, ServerError):
        return _BY.get(("error", error.code or "")) or _BY["other", "configuration"]
    if isinstance(error, (TimeoutError, OSError)):
        return _BY["other", "timeout"]
    return _BY["other", "no key"]


def _of_status(status: int | None) -> Rule:
    if status is None:
        return _BY["status", "none"]
    known = _BY.get(("status", str(status)))
    if known is not None:
        return known
    return _BY.get(("status", f"{status // 100}xx")) or _BY["status", "other"]


def table() -> str:
    """The rules as a table of Markdown, as docs/reconnect.md shows it."""
    names = {"error": "`error` event", "close": "close code", "status": "HTTP status", "key": "short-lived key"}
    verdicts = {"retry": "yes", "fresh_key": "once, with a fresh key", "stop": "no"}
    head = ["| what | which | reconnects | why |", "|---|---|---|---|"]
    rows = (*RULES, _NO_REFUSAL, _UNKNOWN)
    named = {_NO_REFUSAL: "any other of 4000–4999"}
    for rule in rows:
        value = named.get(rule) or rule.value
        head.append(f"| {names.get(rule.source, 'else')} | {value} | {verdicts[rule.verdict]} | {rule.why} |")
    return "\n".join(head)
