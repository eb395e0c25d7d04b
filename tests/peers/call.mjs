// One call: the peer connection, its data channel and its audio track.

import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { resolve } from "node:path";

import { Session } from "./session.mjs";
import { Track } from "./track.mjs";

const folder = process.env.REALTIME_TYPED_PEERS || import.meta.dirname;
// node-datachannel has two builds, and a required one is found from any folder.
const rtc = createRequire(resolve(folder, "package.json"))("node-datachannel");

const GATHERING_MS = 5000;

export function shutDown() {
  rtc.cleanup();
}

// The media section of this kind: its id, and the payload type of a codec in it.
function section(sdp, kind, codec) {
  const lines = sdp.split(/\r?\n/);
  const start = lines.findIndex((line) => line.startsWith(`m=${kind} `));
  if (start < 0) throw new Error(`the offer has no ${kind} section`);
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith("m="));
  const own = lines.slice(start, length < 0 ? undefined : start + 1 + length);
  const mid = own.find((line) => line.startsWith("a=mid:"))?.slice(6);
  const map = own.find((line) => line.toLowerCase().startsWith("a=rtpmap:") && line.includes(codec));
  if (mid === undefined || map === undefined) throw new Error(`the ${kind} section has no ${codec}`);
  return { mid, payloadType: Number(map.match(/^a=rtpmap:(\d+)/)[1]) };
}

export class Call {
  #connection;
  #track;
  #channel;
  #session;
  #hangups = 0;
  #longest = 0;
  #received = [];
  #state = "new";
  #contentType;
  #maxMessageSize;

  constructor({ session, maxMessageSize, silenceWhenIdle, contentType }) {
    this.id = `rtc_${randomUUID().replaceAll("-", "")}`;
    this.#contentType = contentType;
    this.#maxMessageSize = maxMessageSize;
    this.#connection = new rtc.PeerConnection(this.id, {
      iceServers: [],
      // Bound to it, libdatachannel offers the loopback address, which it leaves out otherwise.
      bindAddress: "127.0.0.1",
      maxMessageSize,
      // The answer is made by `accept`, when the track is there.
      disableAutoNegotiation: true,
    });
    this.#track = new Track(rtc, silenceWhenIdle);
    this.#session = new Session(session, this.#track, (event) => this.#send(event));
    this.#connection.onStateChange((state) => {
      this.#state = state;
    });
    this.#connection.onDataChannel((channel) => this.#open(channel));
  }

  // Answers an offer, once all addresses are known: there is no trickle over HTTP.
  async accept(sdp) {
    const { mid, payloadType } = section(sdp, "audio", "opus/48000/2");
    this.#track.attach(this.#connection, mid, payloadType);
    const gathered = new Promise((resolved, rejected) => {
      const timer = setTimeout(() => rejected(new Error("gathering takes too long")), GATHERING_MS);
      this.#connection.onGatheringStateChange((state) => {
        if (state !== "complete") return;
        clearTimeout(timer);
        resolved();
      });
    });
    this.#connection.setRemoteDescription(sdp, "offer");
    this.#connection.setLocalDescription("answer");
    await gathered;
    return this.#connection.localDescription().sdp;
  }

  #open(channel) {
    if (channel.getLabel() !== "oai-events") return;
    this.#channel = channel;
    channel.onMessage((message) => {
      const text = String(message);
      this.#longest = Math.max(this.#longest, Buffer.byteLength(text));
      const event = JSON.parse(text);
      this.#received.push(event.type);
      this.#session.handle(event);
    });
    channel.onClosed(() => this.#session.end());
    this.#session.begin();
  }

  #send(event) {
    if (this.#channel?.isOpen()) this.#channel.sendMessage(JSON.stringify(event));
  }

  closeChannel() {
    this.#session.end();
    this.#channel?.close();
  }

  hangUp() {
    this.#hangups += 1;
    this.close();
  }

  close() {
    this.#session.end();
    this.#track.stop();
    this.#connection.close();
  }

  report() {
    return {
      id: this.id,
      state: this.#state,
      content_type: this.#contentType,
      max_message_size: this.#maxMessageSize,
      hangups: this.#hangups,
      received: this.#received,
      longest: this.#longest,
      packets: this.#track.packets,
      library: rtc.getLibraryVersion(),
    };
  }
}
