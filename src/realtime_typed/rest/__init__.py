"""The HTTP side of the Realtime API: short-lived keys, and calls (WebRTC and SIP).

::

    async with RestClient() as rest:
        secret = await rest.client_secrets.create(session={"type": "realtime", "model": "gpt-realtime"})
        await rest.calls.hangup("rtc_…")

httpx is loaded with the first request, not with this package.
"""

from realtime_typed._generated.realtime.rest import ClientSecret, ClientSecretExpiry

from .beta import BetaSessions, BetaTranscriptionSessions
from .calls import CallAnswer, Calls
from .client import RestClient
from .secrets import ClientSecrets
from .translations import TranslationClientSecrets, Translations

__all__ = [
    "BetaSessions",
    "BetaTranscriptionSessions",
    "CallAnswer",
    "Calls",
    "ClientSecret",
    "ClientSecretExpiry",
    "ClientSecrets",
    "RestClient",
    "TranslationClientSecrets",
    "Translations",
]
