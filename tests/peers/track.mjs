// The call's audio track, in RTP packets: nothing here decodes Opus. What came in is kept, and can be played back.

const SSRC = 0x5eed;
const FRAME_MS = 20;
const FRAME_TICKS = 960; // of Opus' RTP clock, which is 48 kHz whatever the audio's rate
const KEPT = 1500; // packets: 30 seconds
// Opus needs a few bytes for a frame of silence and dozens for a tone: the size tells them apart without a decoder.
const AUDIBLE_BYTES = 24;
const SILENCE = Buffer.from([0xf8, 0xff, 0xfe]); // a whole frame of silence, as libwebrtc sends for a muted track

const isRtcp = (packet) => packet[1] >= 192 && packet[1] <= 223; // RFC 5761 §4

// The payload of an RTP packet (RFC 3550 §5.1).
function payload(packet) {
  let start = 12 + 4 * (packet[0] & 0x0f);
  if (packet[0] & 0x10) start += 4 + 4 * packet.readUInt16BE(start + 2);
  const padding = packet[0] & 0x20 ? packet[packet.length - 1] : 0;
  return packet.subarray(start, packet.length - padding);
}

export class Track {
  packets = 0;
  #rtc;
  #silenceWhenIdle;
  #track;
  #payloadType;
  #heard = [];
  #queue = [];
  #played = 0;
  #onPlayed = null;
  #timer = null;
  #sequence = 1;
  #next = 0;
  #sent = 0;

  constructor(rtc, silenceWhenIdle) {
    this.#rtc = rtc;
    this.#silenceWhenIdle = silenceWhenIdle;
  }

  // Answers the offer's audio section with one codec and one source.
  attach(connection, mid, payloadType) {
    const media = new this.#rtc.Audio(mid, "SendRecv");
    media.addOpusCodec(payloadType);
    media.addSSRC(SSRC, "peer", "peer", "audio");
    this.#payloadType = payloadType;
    this.#track = connection.addTrack(media);
    // Reports to the sender, as any RTP receiver does.
    if (this.#silenceWhenIdle) this.#track.setMediaHandler(new this.#rtc.RtcpReceivingSession());
    this.#track.onMessage((packet) => this.#hear(packet));
    this.#track.onOpen(() => this.#start());
    this.#track.onClosed(() => this.stop());
  }

  #hear(packet) {
    if (packet.length < 12 || isRtcp(packet)) return;
    this.packets += 1;
    this.#heard.push(Buffer.from(payload(packet)));
    if (this.#heard.length > KEPT) this.#heard.shift();
  }

  // What was said since the last call, without the silence around it.
  take() {
    const frames = this.#heard;
    this.#heard = [];
    const audible = (frame) => frame.length >= AUDIBLE_BYTES;
    return frames.slice(frames.findIndex(audible), frames.findLastIndex(audible) + 1);
  }

  // Plays frames in real time; `onPlayed` is called when the last one is out.
  play(frames, onPlayed) {
    this.#queue = [...frames];
    this.#played = 0;
    this.#onPlayed = onPlayed;
  }

  // Stops playing, and says how many milliseconds were played; `null` when nothing was.
  clear() {
    if (this.#onPlayed === null) return null;
    this.#queue = [];
    this.#onPlayed = null;
    return this.#played * FRAME_MS;
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #start() {
    this.#next = performance.now();
    this.#timer = setInterval(() => this.#tick(), FRAME_MS / 2);
  }

  // Sends every frame that is due by the clock, so that late timers do not add up.
  #tick() {
    while (this.#timer !== null && this.#next <= performance.now()) {
      this.#next += FRAME_MS;
      this.#frame();
    }
  }

  #frame() {
    const frame = this.#queue.shift();
    if (frame !== undefined) {
      this.#send(frame);
      this.#played += 1;
    } else if (this.#silenceWhenIdle) {
      this.#send(SILENCE);
    }
    this.#sent += 1;
    if (this.#onPlayed !== null && this.#queue.length === 0) {
      const done = this.#onPlayed;
      this.#onPlayed = null;
      done();
    }
  }

  #send(frame) {
    const header = Buffer.alloc(12);
    header[0] = 0x80;
    header[1] = this.#payloadType;
    header.writeUInt16BE(this.#sequence++ & 0xffff, 2);
    header.writeUInt32BE((this.#sent * FRAME_TICKS) >>> 0, 4);
    header.writeUInt32BE(SSRC, 8);
    if (this.#track.isOpen()) this.#track.sendMessageBinary(Buffer.concat([header, frame]));
  }
}
