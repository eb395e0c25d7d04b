"""Whether a TLS context checks who the peer is. Opens nothing."""

import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    import httpx

__all__ = ["context_of", "require_verified"]

_CURE: Final = (
    "use ssl.create_default_context(cafile=…) for a private certificate authority; where nobody can come between, say "
    "dangerously_allow_unverified_tls=True"
)


def require_verified(context: ssl.SSLContext | None, host: str, name: str) -> None:
    """Refuse a context that takes any certificate: whoever is in between could read the key.

    Args:
        context: What is connected with; `None` for the library's default, which checks.
        host: Where to, for the error.
        name: What the context is called in the error.

    Raises:
        ValueError: It does not check the certificate, or not its name.
    """
    if context is None:
        return
    if context.verify_mode is not ssl.CERT_REQUIRED:
        raise ValueError(f"{name} does not check the certificate of {host!r}: {_CURE}")
    if not context.check_hostname:
        raise ValueError(f"{name} does not check that the certificate is for {host!r}: {_CURE}")


def context_of(client: "httpx.AsyncClient", url: str) -> ssl.SSLContext | None:
    """What a client checks the certificate of `url` with; `None` where it does not say, as a transport of one's own.

    httpx has no public name for it. A test of `tests/security` fails when the private ones lead nowhere any more.
    """
    import httpx

    choose = cast("Callable[[httpx.URL], object] | None", getattr(client, "_transport_for_url", None))
    transport = None if choose is None else choose(httpx.URL(url))
    found: object = getattr(getattr(transport, "_pool", None), "_ssl_context", None)
    return found if isinstance(found, ssl.SSLContext) else None
