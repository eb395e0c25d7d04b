"""Reads the service's SDP answer, and says in plain words what is wrong with one. Opens nothing."""

from dataclasses import dataclass

from aiortc import sdp

from realtime_typed.errors import ConnectError, shorten

__all__ = ["Answer", "read_answer"]

_MAX_SDP = 256 * 1024
# Packets go out to each of them, paired with each address of ours; services name one to ten.
_MAX_CANDIDATES = 100

# RFC 8841, 6.1: what holds when the peer states no a=max-message-size.
_UNSTATED_SIZE = 65_536
# What aiortc speaks; the first of them in the answer is the one that it sends.
_AUDIO_CODECS = ("audio/opus", "audio/g722", "audio/pcmu", "audio/pcma")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a usable answer says.

    Attributes:
        sdp: The answer without what stands around it.
        max_message_size: The largest message that may be sent, in bytes. 65,536 for a peer that states nothing, `None`
            for one that states 0 and so accepts any size (RFC 8841, 6). aiortc has no limit of its own for sending.
        opus: Whether our audio goes out as Opus.
        takes_audio: Whether the peer accepts our audio at all.
        has_candidates: Whether the answer names an address to send to.
    """

    sdp: str
    max_message_size: int | None
    opus: bool
    takes_audio: bool
    has_candidates: bool


def read_answer(text: str) -> Answer:
    """Read an answer.

    Args:
        text: The body of the HTTP answer.

    Returns:
        What it says.

    Raises:
        ConnectError: It is no SDP, longer than 256 KiB, names more than 100 candidates, or refuses audio or the data
            channel; `.body` is its beginning.
    """
    if len(text) > _MAX_SDP:
        raise ConnectError(f"the service's answer is longer than {_MAX_SDP} characters", body=text)
    text = text.strip("\ufeff \t\r\n")
    if not text.startswith("v="):
        raise ConnectError(f"the service's answer is no SDP: {_kind(text)}", body=text)
    text += "\r\n"
    try:
        description = sdp.SessionDescription.parse(text)
    except Exception as error:  # aiortc's parser raises what comes: AssertionError, IndexError, StopIteration, …
        raise ConnectError(f"the service's answer is malformed SDP ({type(error).__name__})", body=text) from error
    if sum(len(section.ice_candidates) for section in description.media) > _MAX_CANDIDATES:
        raise ConnectError(f"the service's answer names more than {_MAX_CANDIDATES} candidates", body=text)
    media = {section.kind: section for section in description.media}
    for kind, what in (("audio", "audio"), ("application", "the data channel")):
        if kind not in media:
            raise ConnectError(f"the service's answer has no section for {what}", body=text)
        if media[kind].port == 0:
            raise ConnectError(f"the service's answer refuses {what}", body=text)
    audio, channel = media["audio"], media["application"]
    stated = _UNSTATED_SIZE if channel.sctpCapabilities is None else channel.sctpCapabilities.maxMessageSize
    if stated < 0:  # aiortc reads any integer, and would then send nothing at all
        raise ConnectError(f"the service's answer is malformed SDP (max-message-size {stated})", body=text)
    codecs = [codec.mimeType.lower() for codec in audio.rtp.codecs]
    first = next((codec for codec in codecs if codec in _AUDIO_CODECS), None)
    return Answer(
        sdp=text,
        max_message_size=stated or None,
        opus=first == "audio/opus",
        takes_audio=audio.direction in (None, "sendrecv", "recvonly"),
        has_candidates=any(section.ice_candidates for section in description.media),
    )


def _kind(text: str) -> str:
    if not text:
        return "it is empty"
    if text.startswith("<"):
        return f"it is HTML or XML; is the address right? {shorten(text, 80)}"
    if text.startswith(("{", "[", '"')):
        return f"it is JSON: {shorten(text, 80)}"
    return f"it begins with {shorten(text, 40)!r}"
