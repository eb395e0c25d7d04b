"""The rules of SECURITY.md as code: where each stands in the sources, and which tests fail when it is taken out.

`python -m tests.security.mutate` takes them out one by one. `test_rules.py` sees that this table fits the sources.
"""

from dataclasses import dataclass
from typing import Final

__all__ = ["RULES", "Rule"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        name: What holds, in a sentence.
        file: The module, from `src/realtime_typed`.
        source: The text that makes it hold; it stands there once.
        tests: The tests that must fail without it, as `file::function` of this folder.
        instead: What takes its place; empty where it is only removed.
    """

    name: str
    file: str
    source: str
    tests: tuple[str, ...]
    instead: str = ""


_SHOWN: Final = "test_keys_shown.py::"
_SENT: Final = "test_keys_sent.py::"
_TLS: Final = "test_tls.py::"
_BOUNDS: Final = "test_bounds.py::"
_LOCAL: Final = "test_local_server.py::"

KEYS_SHOWN: Final = (
    Rule(
        "The repr of an endpoint shows no query",
        "_endpoints.py",
        ".partition('?')[0]}>",
        (_SHOWN + "test_the_repr_of_an_endpoint_has_no_query",),
        "}>",
    ),
    Rule(
        "The repr of options shows no password of a proxy",
        "transports/websocket_options.py",
        "field(default=True, repr=False)",
        (_SHOWN + "test_the_repr_of_options_shows_no_password",),
        "field(default=True)",
    ),
    Rule(
        "The repr of an ICE server shows no credential",
        "transports/webrtc_options.py",
        "field(default=None, repr=False)",
        (_SHOWN + "test_the_repr_of_an_ice_server_shows_no_credential",),
        "field(default=None)",
    ),
    Rule(
        "The repr of a model shows no credential of an MCP server",
        "_wire.py",
        "name in _CREDENTIALS and ",
        (_SHOWN + "test_the_repr_of_a_model_shows_no_credential",),
        "False and ",
    ),
    Rule(
        "The repr of a model shows no key inside of a text",
        "_wire.py",
        "hide_keys(value)",
        (_SHOWN + "test_the_repr_of_a_model_shows_no_key_in_a_text",),
        "value",
    ),
    Rule(
        "What holds keys is not pickled",
        "_redact.py",
        'raise TypeError(f"a {type(self).__name__} holds keys and cannot be pickled or copied; make a new one")',
        (_SHOWN + "test_what_holds_a_key_cannot_be_pickled_or_copied",),
        "return object.__reduce_ex__(self, 2)",
    ),
    Rule(
        "A key among the local variables of a traceback has a repr that does not show it",
        "_redact.py",
        "return \"'[redacted]'\"",
        (_SHOWN + "test_no_local_variable_of_a_traceback_shows_a_key",),
        "return super().__repr__()",
    ),
    Rule(
        "What is received is logged without keys",
        "_connection.py",
        '_logger.debug("received %s", redact_frame(data))',
        (_SHOWN + "test_debug_logs_no_key_that_is_sent_or_received",),
        '_logger.debug("received %s", data)',
    ),
    Rule(
        "What is sent is logged without keys",
        "_outbox.py",
        "redact_frame(frame)",
        (_SHOWN + "test_debug_logs_no_key_that_is_sent_or_received",),
        "frame",
    ),
    Rule(
        "The WebSocket library logs no headers and no frames",
        "transports/websocket.py",
        "return level > logging.DEBUG and super().isEnabledFor(level)",
        (_SHOWN + "test_the_websocket_library_logs_no_header_and_no_frame",),
        "return super().isEnabledFor(level)",
    ),
    Rule(
        "Credentials are known by their names in a frame",
        "_redact.py",
        "hide_keys(_CREDENTIAL.sub(r'\\1\"[redacted]\"', text))",
        (_SHOWN + "test_a_frame_is_logged_without_credentials",),
        "hide_keys(text)",
    ),
    Rule(
        "Keys are known by their form in any text",
        "_redact.py",
        'text = _KEY.sub("[redacted]", text)',
        (
            _SHOWN + "test_a_frame_is_logged_without_credentials",
            _SHOWN + "test_no_exception_says_a_key",
            _SHOWN + "test_the_services_words_are_kept_without_keys",
        ),
    ),
    Rule(
        "A Bearer header is known in any text",
        "_redact.py",
        'text = _BEARER.sub(r"\\1 [redacted]", text)',
        (_SHOWN + "test_a_frame_is_logged_without_credentials", _SHOWN + "test_no_exception_says_a_key"),
    ),
    Rule(
        "User and password of a URL are known in any text",
        "_redact.py",
        'return _URL_USER.sub("[redacted]@", text)',
        (_SHOWN + "test_a_frame_is_logged_without_credentials",),
        "return text",
    ),
    Rule(
        "httpx logs of a backend's address the machine alone",
        "_keys.py",
        'place = address.copy_with(path="/", query=None)',
        (_SHOWN + "test_the_address_of_a_backend_is_logged_without_its_path_and_query",),
        "place = address",
    ),
    Rule(
        "No message of an exception holds a key",
        "errors.py",
        "hide_keys(arg) if isinstance(arg, str) else arg",
        (_SHOWN + "test_no_exception_says_a_key",),
        "arg",
    ),
    Rule(
        "The reason of a close frame is kept without keys",
        "errors.py",
        "hide_keys(reason)",
        (_SHOWN + "test_the_reason_of_a_close_frame_is_kept_without_keys",),
        "reason",
    ),
    Rule(
        "The words of a refused request are kept without keys",
        "errors.py",
        "hide_keys(told)",
        (_SHOWN + "test_the_words_of_a_refused_request_are_kept_without_keys",),
        "told",
    ),
    Rule(
        "The beginning of a frame or body is kept without keys (text)",
        "_redact.py",
        "hide_keys(frame[: 4 * _SHOWN])",
        (_SHOWN + "test_the_beginning_of_a_frame_or_body_is_kept_without_keys",),
        "frame[: 4 * _SHOWN]",
    ),
    Rule(
        "The beginning of a frame is kept without keys (bytes)",
        "_redact.py",
        'hide_keys(bytes(frame[: 4 * _SHOWN]).decode("utf-8", "replace"))',
        (_SHOWN + "test_the_beginning_of_a_frame_or_body_is_kept_without_keys",),
        'bytes(frame[: 4 * _SHOWN]).decode("utf-8", "replace")',
    ),
    Rule(
        "A value that does not fit is shown without keys",
        "_field_errors.py",
        "hide_keys(shorten(repr(value), 16 * limit))",
        (_SHOWN + "test_a_value_that_does_not_fit_is_shown_without_keys",),
        "shorten(repr(value), 16 * limit)",
    ),
    Rule(
        "A credential that does not fit is not shown",
        "_field_errors.py",
        '"[redacted]" if secret else ',
        (_SHOWN + "test_a_value_that_does_not_fit_is_shown_without_keys",),
    ),
    Rule(
        "The body of a refused handshake is kept without the request's own key",
        "transports/websocket.py",
        'text = text.replace(secret, "[redacted]")',
        (_SHOWN + "test_the_body_of_a_refused_handshake_is_kept_without_the_key",),
        "pass",
    ),
    Rule(
        "An error of a library that repeats a key is no cause of ours",
        "transports/websocket.py",
        " and self._redact(printed) == printed",
        (_SHOWN + "test_what_repeats_a_key_is_no_cause_of_an_error",),
    ),
    Rule(
        "A refused request is told without its own key",
        "rest/requests.py",
        'text = text.replace(secret, "[redacted]")',
        (_SHOWN + "test_a_refused_request_is_told_without_the_key",),
        "pass",
    ),
    Rule(
        "A backend's refusal is told without what it was sent",
        "_keys.py",
        'text = text.replace(secret, "[redacted]")',
        (_SHOWN + "test_a_backend_that_refuses_is_told_without_what_it_was_sent",),
        "pass",
    ),
    Rule(
        "An error of httpx carries no headers and no query",
        "_redact.py",
        "error.request = type(request)(request.method, request.url.copy_with(query=None))",
        (
            _SHOWN + "test_no_error_of_a_backend_carries_a_request_with_its_headers",
            _SHOWN + "test_no_error_of_a_request_carries_its_headers",
        ),
        "pass",
    ),
)

KEYS_SENT: Final = (
    Rule(
        "A client, a REST client, a call and a translation client send no key over an unencrypted line",
        "_endpoints.py",
        'if parts.scheme in ("ws", "http") and not is_loopback(parts.hostname or ""):',
        (
            _SENT + "test_a_client_sends_no_key_unencrypted_to_another_machine",
            _SENT + "test_a_rest_client_is_not_made_for_an_unencrypted_address",
            _SENT + "test_no_call_is_made_at_an_unencrypted_address",
            _SENT + "test_a_translation_client_sends_no_key_unencrypted",
        ),
        "if False:",
    ),
    Rule(
        "A name that only begins or ends like this machine's is another machine",
        "_endpoints.py",
        'return host == "localhost" or host.endswith(".localhost")',
        (_SENT + "test_a_rest_client_is_not_made_for_an_unencrypted_address",),
        'return host.startswith(("localhost", "127.0.0.1"))',
    ),
    Rule(
        "A WebSocketTransport alone sends no key over an unencrypted line",
        "transports/websocket.py",
        'if parts.scheme == "ws" and secrets:',
        (_SENT + "test_the_transport_alone_sends_no_key_unencrypted_either",),
        "if False:",
    ),
    Rule(
        "No key is fetched over an unencrypted line",
        "_keys.py",
        'if parts.scheme == "http" and not is_loopback(host):',
        (_SENT + "test_no_key_is_fetched_unencrypted_from_another_machine",),
        "if False:",
    ),
    Rule(
        "A WebSocket follows no redirect to another place",
        "transports/websocket.py",
        "if any(origin(joined(self.uri, location)) != origin(self.uri) for location in locations):",
        (_SENT + "test_a_websocket_follows_no_redirect_to_another_place",),
        "if False:",
    ),
    Rule(
        "A request follows no redirect to another place",
        "rest/requests.py",
        "if not same:",
        (_SENT + "test_a_request_follows_no_redirect_to_another_place",),
        "if False:",
    ),
    Rule(
        "The offer of a call follows no redirect",
        "_signalling.py",
        "redirects=False,",
        (_SENT + "test_the_offer_of_a_call_follows_no_redirect_at_all",),
        "redirects=True,",
    ),
    Rule(
        "A request for a key follows no redirect to another place",
        "_keys.py",
        "safe = place(target) == place(url) and ",
        (_SENT + "test_a_backends_redirect_to_another_place_is_not_followed",),
        "safe = ",
    ),
    Rule(
        "base_url holds no user and no password",
        "_endpoints.py",
        "if parts.username is not None or parts.password is not None:",
        (_SENT + "test_a_base_url_holds_no_user_and_no_password",),
        "if False:",
    ),
    Rule(
        "base_url holds no key in its query",
        "_endpoints.py",
        "if is_secret_name(parameter) or hide_keys(value) != value:",
        (_SENT + "test_a_base_url_holds_no_key_in_its_query",),
        "if False:",
    ),
    Rule(
        "base_url has a scheme that is spoken",
        "_endpoints.py",
        "if parts.scheme not in schemes or not host:",
        (_SENT + "test_a_base_url_has_a_scheme_that_is_spoken",),
        "if False:",
    ),
    Rule(
        "base_url begins no other header",
        "_endpoints.py",
        'if not base_url.isprintable() or " " in base_url or "\\\\" in base_url:',
        (_SENT + "test_no_address_begins_another_header",),
        "if False:",
    ),
    Rule(
        "An address that is none is refused before it is used",
        "_endpoints.py",
        "host, _ = parts.hostname, parts.port",
        (_SENT + "test_an_address_that_is_none_is_a_value_error_that_does_not_show_it",),
        "host = parts.hostname",
    ),
    Rule(
        "fetch_ephemeral_key_url begins no other header",
        "_keys.py",
        'if not url.strip().isprintable() or " " in url.strip() or "\\\\" in url:',
        (_SENT + "test_the_address_of_a_backend_begins_no_other_header",),
        "if False:",
    ),
    Rule(
        "fetch_ephemeral_key_url holds no password",
        "_keys.py",
        "    if parts.username is not None or parts.password is not None:",
        (_SENT + "test_the_address_of_a_backend_holds_no_password",),
        "    if False:",
    ),
    Rule(
        "fetch_ephemeral_key_url is one of HTTP",
        "_keys.py",
        'if parts.scheme not in ("https", "http") or not host:',
        (_SENT + "test_the_address_of_a_backend_is_one_of_http",),
        "if False:",
    ),
    Rule(
        "The value of a header begins no other header",
        "_endpoints.py",
        "if not (text.isascii() and text.isprintable()) or value != value.strip():",
        (
            _SENT + "test_no_value_of_a_header_begins_another_header",
            _SENT + "test_a_clients_headers_are_checked_when_it_is_made",
            _SENT + "test_a_rest_clients_headers_are_checked_when_it_is_made",
            _SENT + "test_the_headers_for_a_backend_are_checked",
        ),
        "if False:",
    ),
    Rule(
        "The name of a header begins no other header",
        "_endpoints.py",
        "if not _HEADER_NAME.fullmatch(header):",
        (_SENT + "test_no_name_of_a_header_begins_another_header",),
        "if False:",
    ),
    Rule(
        "A client's headers are checked when it is made",
        "_transport_factory.py",
        'check_headers(headers, "extra_headers")',
        (_SENT + "test_a_clients_headers_are_checked_when_it_is_made",),
        "pass",
    ),
    Rule(
        "A REST client's headers are checked when it is made",
        "rest/requests.py",
        'check_headers(headers, "extra_headers")',
        (_SENT + "test_a_rest_clients_headers_are_checked_when_it_is_made",),
        "pass",
    ),
    Rule(
        "The headers for a backend are checked",
        "_keys.py",
        'check_headers(self._headers, "fetch_ephemeral_key_headers")',
        (_SENT + "test_the_headers_for_a_backend_are_checked",),
        "pass",
    ),
    Rule(
        "A WebSocketTransport alone checks values of headers",
        "transports/websocket.py",
        "if _CONTROL.search(value):",
        (_SENT + "test_the_transport_alone_checks_its_headers_too",),
        "if False:",
    ),
    Rule(
        "A WebSocketTransport alone checks names of headers",
        "transports/websocket.py",
        "if not TOKEN.fullmatch(name):",
        (_SENT + "test_the_transport_alone_checks_its_headers_too",),
        "if False:",
    ),
    Rule(
        "A WebSocketTransport alone checks subprotocols",
        "transports/_addresses.py",
        "if not TOKEN.fullmatch(item):",
        (_SENT + "test_the_transport_alone_checks_its_headers_too",),
        "if False:",
    ),
    Rule(
        "A key that a function gives has no white space inside",
        "_endpoints.py",
        "if not key or any(character.isspace() for character in key):",
        (_SENT + "test_no_key_that_a_function_gives_begins_another_header",),
        "if False:",
    ),
    Rule(
        "A key that a function gives has the characters of a key",
        "_endpoints.py",
        "if not key.isascii() or not key.isprintable():",
        (_SENT + "test_no_key_that_a_function_gives_begins_another_header",),
        "if False:",
    ),
    Rule(
        "A key that a backend gives has the characters of a key",
        "_keys.py",
        'if not (key.isascii() and key.isprintable()) or " " in key:',
        (_SENT + "test_no_key_that_a_backend_gives_begins_another_header",),
        "if False:",
    ),
    Rule(
        "The id of a call stays inside of its part of the path",
        "rest/calls.py",
        'return quote(call_id, safe="")',
        (_SENT + "test_the_id_of_a_call_does_not_leave_its_path",),
        "return call_id",
    ),
    Rule(
        "A standard key is not used in a browser",
        "_keys.py",
        'if platform == "emscripten" and not self._allowed and not key.startswith("ek_"):',
        (_SENT + "test_a_standard_key_is_refused_in_a_browser",),
        "if False:",
    ),
)

TLS: Final = (
    Rule(
        "A context that takes any certificate is refused",
        "_tls.py",
        "if context.verify_mode is not ssl.CERT_REQUIRED:",
        (
            _TLS + "test_a_websocket_takes_no_context_that_takes_any_certificate",
            _TLS + "test_a_request_goes_through_no_client_that_takes_any_certificate",
        ),
        "if False:",
    ),
    Rule(
        "A context that takes a certificate for any name is refused",
        "_tls.py",
        "if not context.check_hostname:",
        (_TLS + "test_a_websocket_takes_no_context_that_takes_any_name",),
        "if False:",
    ),
    Rule(
        "The context of a WebSocket is looked at",
        "transports/websocket.py",
        'require_verified(self._options.ssl, parts.hostname, "ssl")',
        (
            _TLS + "test_a_websocket_takes_no_context_that_takes_any_certificate",
            _TLS + "test_a_websocket_takes_no_context_that_takes_any_name",
        ),
        "pass",
    ),
    Rule(
        "The context of an http_client is looked at",
        "rest/requests.py",
        'require_verified(context, self._endpoint.host, "http_client")',
        (_TLS + "test_a_request_goes_through_no_client_that_takes_any_certificate",),
        "pass",
    ),
    Rule(
        "The context of an http_client is found",
        "_tls.py",
        "return found if isinstance(found, ssl.SSLContext) else None",
        (
            _TLS + "test_what_httpx_checks_with_is_still_found",
            _TLS + "test_a_request_goes_through_no_client_that_takes_any_certificate",
        ),
        "return None",
    ),
    Rule(
        "A WebSocket checks certificates without being told",
        "transports/websocket.py",
        '{} if options.ssl is None else {"ssl": options.ssl}',
        (_TLS + "test_a_websocket_checks_certificates_whatever_the_environment_says",),
        '{"ssl": tls._create_unverified_context()} if self._url.startswith("wss") else {}',
    ),
    Rule(
        "A request checks certificates without being told",
        "rest/requests.py",
        "httpx.AsyncClient(follow_redirects=False, ",
        (_TLS + "test_a_request_checks_certificates_whatever_the_environment_says",),
        "httpx.AsyncClient(follow_redirects=False, verify=False, ",
    ),
    Rule(
        "The fetch of a key checks certificates without being told",
        "_keys.py",
        "httpx.AsyncClient(follow_redirects=False, ",
        (_TLS + "test_the_fetch_of_a_key_checks_certificates_whatever_the_environment_says",),
        "httpx.AsyncClient(follow_redirects=False, verify=False, ",
    ),
)

BOUNDS: Final = (
    Rule(
        "The body of an answer is bounded as it is read",
        "rest/requests.py",
        "if len(content) > self._max_body:",
        (
            _BOUNDS + "test_an_answer_of_more_than_a_mebibyte_is_not_read",
            _BOUNDS + "test_an_sdp_answer_of_more_than_256_kibibytes_is_not_read",
        ),
        "if False:",
    ),
    Rule(
        "The SDP answer to a call has a bound of its own",
        "_signalling.py",
        "max_body=MAX_SDP,",
        (_BOUNDS + "test_an_sdp_answer_of_more_than_256_kibibytes_is_not_read",),
    ),
    Rule(
        "The answer of a backend is bounded as it is read",
        "_keys.py",
        "if len(content) > _MAX_BODY:",
        (_BOUNDS + "test_the_answer_of_a_backend_of_more_than_64_kibibytes_is_not_read",),
        "if False:",
    ),
    Rule(
        "No answer is asked for packed",
        "rest/requests.py",
        ', "Accept-Encoding": "identity"',
        (_BOUNDS + "test_nothing_is_asked_for_that_grows_when_it_is_unpacked",),
    ),
    Rule(
        "No key is asked for packed",
        "_keys.py",
        'sent["accept-encoding"] = "identity"',
        (_BOUNDS + "test_nothing_is_asked_for_that_grows_when_it_is_unpacked",),
        "pass",
    ),
    Rule(
        "The SDP offer is bounded",
        "_signalling.py",
        " or len(offer) > MAX_SDP",
        (_BOUNDS + "test_an_sdp_offer_of_more_than_256_kibibytes_is_not_sent",),
    ),
    Rule(
        "The SDP answer is bounded wherever it comes from",
        "transports/_webrtc_answer.py",
        "if len(text) > _MAX_SDP:",
        (_BOUNDS + "test_an_sdp_answer_from_wherever_it_comes_is_bounded",),
        "if False:",
    ),
    Rule(
        "The candidates of an SDP answer are bounded",
        "transports/_webrtc_answer.py",
        "if sum(len(section.ice_candidates) for section in description.media) > _MAX_CANDIDATES:",
        (_BOUNDS + "test_an_sdp_answer_names_no_more_than_a_hundred_candidates",),
        "if False:",
    ),
    Rule(
        "A frame over the limit ends a WebSocket before it is read",
        "transports/_frame_connection.py",
        "(self._max_size is not None and length > self._max_size)",
        (_BOUNDS + "test_a_frame_over_the_limit_ends_a_websocket",),
        "False",
    ),
    Rule(
        "A WebSocket has a limit of frames without being told",
        "transports/websocket_options.py",
        "max_size: int | None = 64 * 1024 * 1024",
        (_BOUNDS + "test_a_websocket_has_limits_without_being_told",),
        "max_size: int | None = None",
    ),
    Rule(
        "A WebSocket has a limit of messages that wait without being told",
        "transports/websocket_options.py",
        "max_queue: int | None = 1024",
        (_BOUNDS + "test_a_websocket_has_limits_without_being_told",),
        "max_queue: int | None = None",
    ),
    Rule(
        "A WebSocket is not read on while too many messages wait",
        "transports/_frame_connection.py",
        "self.transport.pause_reading()",
        (_BOUNDS + "test_a_websocket_is_not_read_on_while_nobody_takes_what_came",),
        "pass",
    ),
    Rule(
        "A WebSocket is not read on while too many bytes wait",
        "transports/_frame_connection.py",
        " or self._held > _MAX_HELD",
        (_BOUNDS + "test_a_websocket_is_not_read_on_while_large_messages_wait_however_few_they_are",),
    ),
    Rule(
        "An event of a data channel is bounded",
        "transports/_fragments.py",
        "if self._max_bytes is not None and size > self._max_bytes:",
        (
            _BOUNDS + "test_an_event_without_an_envelope_is_bounded",
            _BOUNDS + "test_an_event_in_one_envelope_is_bounded",
        ),
        "if False:",
    ),
    Rule(
        "The base64 of an envelope is bounded before it is decoded",
        "transports/_fragments.py",
        "if self._max_text is not None and len(frame) > self._max_text + _ENVELOPE:",
        (_BOUNDS + "test_the_base64_of_an_envelope_is_bounded_before_it_is_decoded",),
        "if False:",
    ),
    Rule(
        "The pieces of incomplete events are bounded together",
        "transports/_fragments.py",
        "if self._max_text is not None and self._held > self._max_text:",
        (
            _BOUNDS + "test_the_pieces_of_events_that_are_not_complete_are_bounded_together",
            _BOUNDS + "test_pieces_without_text_are_bounded_too",
        ),
        "if False:",
    ),
    Rule(
        "A piece without text counts too",
        "transports/_fragments.py",
        "size = max(len(piece), _LEAST)",
        (_BOUNDS + "test_pieces_without_text_are_bounded_too",),
        "size = len(piece)",
    ),
    Rule(
        "The number of incomplete events is bounded",
        "transports/_fragments.py",
        "if len(self._open) >= _MAX_OPEN:",
        (_BOUNDS + "test_no_more_than_64_events_are_incomplete_at_once",),
        "if False:",
    ),
    Rule(
        "The id of an envelope is bounded",
        "transports/_fragments.py",
        " and len(id_) <= _MAX_ID",
        (_BOUNDS + "test_the_id_of_an_envelope_is_bounded",),
    ),
    Rule(
        "An event of any depth is a ProtocolError",
        "_codec_core.py",
        "raw: object = from_json(data.encode() if isinstance(data, str) else data)",
        (
            _BOUNDS + "test_an_event_of_any_depth_is_a_protocol_error",
            _BOUNDS + "test_a_client_event_of_any_depth_is_a_protocol_error",
        ),
        "raw: object = __import__('json').loads(data)",
    ),
    Rule(
        "An event of any depth is a ProtocolError while the dialect is not known",
        "_dialect_codec.py",
        "frame: object = from_json(data.encode() if isinstance(data, str) else data)",
        (_BOUNDS + "test_an_event_of_any_depth_is_refused_when_the_dialect_is_to_be_told",),
        "frame: object = __import__('json').loads(data)",
    ),
    Rule(
        "An event that is sent has no depth that Python cannot hold",
        "_codec_core.py",
        "except RecursionError:",
        (_BOUNDS + "test_an_event_that_is_sent_may_not_be_of_any_depth",),
        "except ZeroDivisionError:",
    ),
    Rule(
        "Arguments of a tool of any depth are a ToolError",
        "tools.py",
        'parsed: object = from_json(arguments or "{}")',
        (_BOUNDS + "test_the_arguments_of_a_tool_may_be_of_any_depth",),
        "parsed: object = __import__('json').loads(arguments or '{}')",
    ),
    Rule(
        "An answer of any depth is an InvalidResponseError",
        "rest/requests.py",
        "        except (ValueError, RecursionError):",
        (_BOUNDS + "test_an_answer_of_any_depth_is_an_error_like_any_other",),
        "        except ValueError:",
    ),
    Rule(
        "A refusal of any depth is a RestError",
        "rest/requests.py",
        "\n    except (ValueError, RecursionError):",
        (_BOUNDS + "test_the_words_of_a_refusal_may_be_of_any_depth",),
        "\n    except ValueError:",
    ),
    Rule(
        "An answer of a backend of any depth is an EphemeralKeyError",
        "_keys.py",
        "except (ValueError, RecursionError):",
        (_BOUNDS + "test_the_answer_of_a_backend_may_be_of_any_depth",),
        "except ValueError:",
    ),
    Rule(
        "An envelope of any depth is an event like others",
        "transports/_fragments.py",
        "except (ValueError, RecursionError):",
        (_BOUNDS + "test_an_envelope_of_any_depth_is_handed_on_as_it_is",),
        "except ValueError:",
    ),
    Rule(
        "Fields that did not fit are counted under a bounded number of names",
        "_codec_core.py",
        "if len(self.issues) >= _MAX_ISSUES:",
        (_BOUNDS + "test_what_did_not_fit_is_counted_under_no_more_than_a_thousand_names",),
        "if False:",
    ),
    Rule(
        "The name of a field that did not fit is kept cut short",
        "_codec_core.py",
        'path = shorten(".".join(step for step in error.path if isinstance(step, str)))',
        (_BOUNDS + "test_a_path_that_did_not_fit_is_kept_cut_short",),
        'path = ".".join(step for step in error.path if isinstance(step, str))',
    ),
    Rule(
        "What waits for items that never come is bounded",
        "_item_store.py",
        "while len(waiting) > _MAX_WAITING:",
        (_BOUNDS + "test_what_waits_for_items_that_never_come_is_bounded",),
        "while False:",
    ),
    Rule(
        "Events that a conversation could not use are bounded",
        "_conversation_items.py",
        "deque(maxlen=_KEPT_UNFITTING)",
        (_BOUNDS + "test_events_that_did_not_fit_a_conversation_are_bounded",),
        "deque()",
    ),
    Rule(
        "Responses that never end are bounded",
        "_active_responses.py",
        "if len(self._running) > _REMEMBERED:",
        (_BOUNDS + "test_responses_that_never_end_are_bounded",),
        "if False:",
    ),
    Rule(
        "Responses that are over are remembered within a bound",
        "_active_responses.py",
        "if len(self._over) > _REMEMBERED:",
        (_BOUNDS + "test_responses_that_are_over_are_remembered_within_a_bound",),
        "if False:",
    ),
    Rule(
        "The type of an unknown event is not taken for a name of ours",
        "_connection_hooks.py",
        'known = () if isinstance(event, UnknownEvent) else (f"server.{event.type}",)',
        (_BOUNDS + "test_the_type_of_an_unknown_event_is_not_taken_for_a_name_of_ours",),
        'known = (f"server.{event.type}",)',
    ),
    Rule(
        "Callers of a backend are remembered within a bound",
        "_rate_limit.py",
        "len(self._times) <= limit.max_callers and ",
        (_BOUNDS + "test_callers_of_a_backend_are_remembered_within_a_bound",),
    ),
)

LOCAL_SERVER: Final = (
    Rule(
        "LocalServer binds to loopback unless told otherwise in so many words",
        "local/server.py",
        "if not (dangerously_expose_to_network or _is_loopback(host)):",
        (_LOCAL + "test_an_address_that_others_can_reach_needs_a_speaking_argument",),
        "if False:",
    ),
    Rule(
        "LocalServer takes a bounded number of connections",
        "local/gateway.py",
        "if self._connected >= self._max_sessions:",
        (_LOCAL + "test_one_connection_more_than_allowed_is_a_429",),
        "if False:",
    ),
    Rule(
        "A place of a connection is given back",
        "local/gateway.py",
        "self._connected -= 1",
        (_LOCAL + "test_one_connection_more_than_allowed_is_a_429",),
        "pass",
    ),
    Rule(
        "A conversation of LocalServer has a bounded number of items",
        "local/history.py",
        "len(self._order) > self._max_items or ",
        (_LOCAL + "test_a_conversation_keeps_no_more_items_than_it_may",),
    ),
    Rule(
        "A conversation of LocalServer has a bounded number of bytes",
        "local/history.py",
        " or (self._bytes > self._max_bytes and len(self._order) > 1)",
        (_LOCAL + "test_a_conversation_keeps_no_more_bytes_than_it_may",),
    ),
    Rule(
        "A client that does not read large frames is not read from",
        "local/frames.py",
        " or self._size >= _MAX_WAITING",
        (_LOCAL + "test_large_frames_that_wait_hold_a_client_up_however_few_they_are",),
    ),
    Rule(
        "The record of what a client sent is bounded in events",
        "local/frames.py",
        "len(self._events) > self._max_events or ",
        (_LOCAL + "test_the_record_of_what_came_is_bounded_in_events_and_bytes",),
    ),
    Rule(
        "The record of what a client sent is bounded in bytes",
        "local/frames.py",
        " or self._bytes > self._max_bytes",
        (_LOCAL + "test_the_record_of_what_came_is_bounded_in_events_and_bytes",),
    ),
    Rule(
        "A body that LocalServer reads is bounded",
        "local/asgi.py",
        "if len(body) > _MAX_BODY:",
        (_LOCAL + "test_a_body_of_more_than_a_mebibyte_is_a_413",),
        "if False:",
    ),
    Rule(
        "A frame that LocalServer reads is bounded",
        "local/asgi.py",
        "ws_max_size=_MAX_FRAME,",
        (_LOCAL + "test_a_frame_of_more_than_32_mebibytes_ends_the_connection",),
        "ws_max_size=2 * _MAX_FRAME,",
    ),
    Rule(
        "The API key is compared in constant time",
        "local/access.py",
        "hmac.compare_digest(key, self._api_key)",
        (_LOCAL + "test_keys_are_compared_in_constant_time",),
        "key == self._api_key",
    ),
    Rule(
        "Client secrets are found by a digest",
        "local/access.py",
        "self._secrets[hashlib.sha256(secret.value.encode()).digest()] = secret",
        (_LOCAL + "test_no_client_secret_is_kept_as_itself_to_be_compared_with",),
        "self._secrets[secret.value.encode()] = secret",
    ),
    Rule(
        "The number of client secrets is bounded",
        "local/access.py",
        "if len(self._secrets) > _MAX_SECRETS:",
        (_LOCAL + "test_no_more_client_secrets_are_kept_than_ten_thousand",),
        "if False:",
    ),
    Rule(
        "An answer to a wrong key shows none",
        "local/access.py",
        '"Incorrect API key provided."',
        (_LOCAL + "test_no_answer_to_a_wrong_key_shows_any_key",),
        'f"Incorrect API key provided: {given}."',
    ),
)

RULES: Final = {
    "Keys are not shown": KEYS_SHOWN,
    "Keys go where they should, and nowhere else": KEYS_SENT,
    "Certificates are checked": TLS,
    "What a service sends is bounded": BOUNDS,
    "LocalServer": LOCAL_SERVER,
}
"""All rules, by the part of SECURITY.md that they belong to."""
