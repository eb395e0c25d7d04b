"""`read_answer` on any text."""

from collections.abc import Iterable
from typing import Final

from fuzz.checks import as_text, require
from realtime_typed.errors import ConnectError
from realtime_typed.transports._webrtc_answer import read_answer

__all__ = ["ANSWER", "run", "seeds", "words"]

_PRINT: Final = ":".join(["AB"] * 32)
ANSWER: Final = (
    "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\na=msid-semantic:WMS *\r\na=ice-lite\r\n"
    "m=audio 3478 UDP/TLS/RTP/SAVPF 111 0 8\r\nc=IN IP4 127.0.0.1\r\na=rtcp:3478 IN IP4 127.0.0.1\r\na=mid:0\r\n"
    "a=sendrecv\r\na=msid:realtimeapi audio\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;"
    "useinbandfec=1\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtcp-fb:111 transport-cc\r\n"
    "a=extmap:3 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\na=ssrc:1234 cname:realtimeapi\r\n"
    "a=ssrc-group:FID 1234 5678\r\na=candidate:1 1 udp 2130706431 127.0.0.1 3478 typ host ufrag abcd\r\n"
    "a=candidate:2 1 tcp 1671430143 127.0.0.1 443 typ host tcptype passive\r\na=end-of-candidates\r\n"
    f"a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdef\r\na=fingerprint:sha-256 {_PRINT}\r\na=setup:active\r\n"
    "m=application 3478 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 127.0.0.1\r\na=mid:1\r\na=sctp-port:5000\r\n"
    "a=max-message-size:1073741823\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdef\r\n"
    f"a=fingerprint:sha-256 {_PRINT}\r\na=setup:active\r\n"
)


def run(data: bytes) -> None:
    """Read one answer."""
    text = as_text(data)
    try:
        answer = read_answer(text)
    except ConnectError as error:
        require(len(str(error)) < 1000 and len(error.body or "") < 1000, "an error is short", str(error))
        return
    size = answer.max_message_size
    require(size is None or size > 0, "a message that may be sent has a size above 0", size)
    require(answer.sdp.startswith("v=") and answer.sdp.strip() in text, "the answer is what came", answer.sdp)


def seeds() -> Iterable[bytes]:
    """An answer such as the service's, parts of it, and what other servers answer."""
    lines = ANSWER.splitlines(keepends=True)
    yield ANSWER.encode()
    yield b"\xef\xbb\xbf\n" + ANSWER.replace("\r\n", "\n").encode()
    yield "".join(lines[:7] + lines[27:]).encode()
    yield "".join(lines[:27]).encode()
    yield ANSWER.replace("webrtc-datachannel", "5000").replace("a=sctp-port:5000", "a=sctpmap:5000 x 65535").encode()
    for size in ("0", "-1", "9" * 500, "x", ""):
        yield ANSWER.replace("1073741823", size).encode()
    yield from (b"", b"v=", b"v=0", b"<html>", b'{"sdp": "v=0"}', b"not found", b"v=0\r\nm=audio\r\n", b"\xff")


def words() -> Iterable[str]:
    """Lines, and what stands in them."""
    yield from ANSWER.splitlines()
    yield from ("a=", "m=video 9 RTP/AVP 96", "\r\n", "a=rtpmap:", "a=fmtp:", "a=candidate:", "recvonly", "inactive")
    yield from ("a=ssrc:", "a=max-message-size:", "a=sctpmap:", "m=application 0 ", "IP6", "typ relay raddr 0 rport 1")
