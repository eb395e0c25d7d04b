// A service that answers WebRTC calls with libdatachannel, which implements ICE, DTLS, SCTP and RTP without aiortc.
// Prints {"port": N} as a line, ends when its standard input does, and after two minutes by itself.
//
//   node peer.mjs [--max-message-size BYTES] [--idle silence|nothing]
//
// `--idle` is what goes out on the audio track between replies: silent packets, as from the service (the default), or
// nothing at all. node-datachannel is looked for in the folder that REALTIME_TYPED_PEERS names, or else beside this
// script.

import { createServer } from "node:http";
import { parseArgs } from "node:util";

import { Call, shutDown } from "./call.mjs";

const LIFE_MS = 120_000;
const BODY_BYTES = 1 << 20;

const { values: options } = parseArgs({
  options: {
    "max-message-size": { type: "string", default: "262144" },
    idle: { type: "string", default: "silence" },
  },
});

const calls = new Map();

async function read(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_BYTES) throw new Error("the body is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

// The offer and the session, from either form that the service takes: multipart, or SDP as it is.
async function offered(request) {
  const type = request.headers["content-type"] ?? "";
  const body = await read(request);
  if (!type.startsWith("multipart/form-data")) return { sdp: body.toString("utf8"), session: {} };
  const form = await new Response(body, { headers: { "content-type": type } }).formData();
  const text = async (value) => (typeof value === "string" ? value : await value.text());
  const session = form.get("session");
  return { sdp: await text(form.get("sdp")), session: session === null ? {} : JSON.parse(await text(session)) };
}

async function answer(request, url) {
  const { sdp, session } = await offered(request);
  const model = url.searchParams.get("model") ?? session.model ?? "gpt-realtime";
  const call = new Call({
    session: { ...session, model },
    maxMessageSize: Number(options["max-message-size"]),
    silenceWhenIdle: options.idle === "silence",
    contentType: (request.headers["content-type"] ?? "").split(";")[0],
  });
  calls.set(call.id, call);
  const headers = { "content-type": "text/plain; charset=utf-8", location: `/v1/realtime/calls/${call.id}` };
  return { status: 201, headers, body: await call.accept(sdp) };
}

const json = (status, value) => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
});
const refusal = (status, code, message) =>
  json(status, { error: { type: "invalid_request_error", code, message, param: null } });

async function route(request) {
  const url = new URL(request.url, "http://127.0.0.1");
  const path = url.pathname.split("/").filter(Boolean);
  // What a test asks and orders; the service has nothing like it.
  if (request.method === "GET" && url.pathname === "/calls") {
    return json(200, [...calls.values()].map((call) => call.report()));
  }
  if (request.method === "POST" && path[0] === "calls" && path[2] === "close_channel" && calls.has(path[1])) {
    calls.get(path[1]).closeChannel();
    return json(200, {});
  }

  if (!/^Bearer \S+$/.test(request.headers.authorization ?? "")) return refusal(401, "missing_api_key", "no key");
  if (request.method === "POST" && url.pathname === "/v1/realtime/calls") return answer(request, url);
  if (request.method === "POST" && url.pathname.startsWith("/v1/realtime/calls/") && path[4] === "hangup") {
    const call = calls.get(path[3]);
    if (call === undefined) return refusal(404, "call_id_not_found", "no such call");
    call.hangUp();
    return { status: 200, headers: {}, body: "" };
  }
  return refusal(404, "not_found", `nothing at ${request.method} ${url.pathname}`);
}

const server = createServer((request, response) => {
  route(request)
    .catch((error) => refusal(400, "invalid_offer", String(error)))
    .then(({ status, headers, body }) => response.writeHead(status, headers).end(body));
});

function end() {
  for (const call of calls.values()) call.close();
  shutDown();
  process.exit(0);
}

process.stdin.on("end", end).on("error", end).resume();
setTimeout(end, LIFE_MS);
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));
