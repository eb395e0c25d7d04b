// A scripted Realtime session in the GA protocol, event for event as recordings of the service show it.
// A text is answered with the same text. Committed audio is answered with the same audio, over the track.

import { randomUUID } from "node:crypto";

const FORMAT = { type: "audio/pcm", rate: 24000 };

const newId = (kind) => `${kind}_${randomUUID().replaceAll("-", "").slice(0, 20)}`;

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

function merged(old, update) {
  const result = { ...old };
  for (const [name, value] of Object.entries(update)) {
    result[name] = isObject(result[name]) && isObject(value) ? merged(result[name], value) : value;
  }
  return result;
}

export class Session {
  #config;
  #track;
  #send;
  #conversation = newId("conv");
  #items = [];
  #spoken = new Map();
  #playing = null;
  #ended = false;

  constructor(config, track, send) {
    const defaults = {
      type: "realtime",
      object: "realtime.session",
      id: newId("sess"),
      model: "gpt-realtime",
      output_modalities: ["audio"],
      instructions: "",
      tools: [],
      tool_choice: "auto",
      max_output_tokens: "inf",
      truncation: "auto",
      tracing: null,
      prompt: null,
      expires_at: Math.floor(Date.now() / 1000) + 3600,
      audio: {
        input: { format: FORMAT, transcription: null, noise_reduction: null, turn_detection: null },
        output: { format: FORMAT, voice: "alloy", speed: 1 },
      },
      include: null,
    };
    this.#config = merged(defaults, config);
    this.#track = track;
    this.#send = send;
  }

  begin() {
    this.#emit("session.created", { session: this.#config });
  }

  end() {
    this.#ended = true;
    this.#track.clear();
  }

  handle(event) {
    switch (event.type) {
      case "session.update":
        this.#config = merged(this.#config, event.session);
        return this.#emit("session.updated", { session: this.#config });
      case "conversation.item.create":
        return this.#add({ id: newId("item"), object: "realtime.item", status: "completed", ...event.item });
      case "input_audio_buffer.commit":
        return this.#commit(event);
      case "input_audio_buffer.clear":
        this.#track.take();
        return this.#emit("input_audio_buffer.cleared", {});
      case "response.create":
        return this.#respond(event.response ?? {});
      case "response.cancel":
        // A response is made in one step, so none is ever in progress.
        return this.#error(event, "response_cancel_not_active", "Cancellation failed: no active response found");
      case "output_audio_buffer.clear":
        return this.#clear();
      default:
        return this.#error(event, "invalid_value", `Invalid value: '${event.type}'.`);
    }
  }

  #emit(type, fields) {
    if (!this.#ended) this.#send({ type, event_id: newId("event"), ...fields });
  }

  #error(cause, code, message) {
    const error = { type: "invalid_request_error", code, message, param: null, event_id: cause.event_id ?? null };
    this.#emit("error", { error });
  }

  #add(item) {
    const previous_item_id = this.#items.at(-1)?.id ?? null;
    this.#items.push(item);
    this.#emit("conversation.item.added", { previous_item_id, item });
    this.#emit("conversation.item.done", { previous_item_id, item });
  }

  #commit(event) {
    const frames = this.#track.take();
    if (frames.length === 0) {
      return this.#error(event, "input_audio_buffer_commit_empty", "Error committing input audio buffer: it is empty.");
    }
    const item_id = newId("item");
    this.#emit("input_audio_buffer.committed", { previous_item_id: this.#items.at(-1)?.id ?? null, item_id });
    const content = [{ type: "input_audio", transcript: null }];
    this.#add({ id: item_id, object: "realtime.item", type: "message", status: "completed", role: "user", content });
    this.#spoken.set(item_id, frames);
  }

  #respond(options) {
    const asked = this.#items.findLast((item) => item.role === "user");
    const frames = this.#spoken.get(asked?.id);
    const text = asked?.content.find((part) => part.type === "input_text")?.text ?? "Your own words.";
    const modalities = options.output_modalities ?? this.#config.output_modalities;
    const spoken = frames !== undefined && modalities.includes("audio");

    const response_id = newId("resp");
    const item = { id: newId("item"), object: "realtime.item", type: "message", role: "assistant" };
    const running = { ...item, status: "in_progress", content: [] };
    const part = spoken ? { type: "output_audio", transcript: text } : { type: "output_text", text };
    const whole = { ...item, status: "completed", content: [part] };
    const previous_item_id = this.#items.at(-1)?.id ?? null;
    const place = { response_id, item_id: item.id, output_index: 0, content_index: 0 };

    this.#emit("response.created", { response: this.#response(response_id, "in_progress", [], modalities) });
    this.#emit("response.output_item.added", { response_id, output_index: 0, item: running });
    this.#emit("conversation.item.added", { previous_item_id, item: running });
    const kind = spoken ? "response.output_audio_transcript" : "response.output_text";
    const [name, type] = spoken ? ["transcript", "audio"] : ["text", "text"];
    this.#emit("response.content_part.added", { ...place, part: { type, [name]: "" } });
    if (spoken) this.#play(response_id, item.id, frames);
    for (const delta of text.match(/\s*\S+/g) ?? []) {
      this.#emit(`${kind}.delta`, { ...place, delta, obfuscation: "x".repeat(-delta.length & 15) });
    }
    if (spoken) this.#emit("response.output_audio.done", place);
    this.#emit(`${kind}.done`, { ...place, [name]: text });
    this.#emit("response.content_part.done", { ...place, part: { type, [name]: text } });
    this.#items.push(whole);
    this.#emit("conversation.item.done", { previous_item_id, item: whole });
    this.#emit("response.output_item.done", { response_id, output_index: 0, item: whole });
    this.#emit("response.done", { response: this.#response(response_id, "completed", [whole], modalities) });
  }

  #response(id, status, output, output_modalities) {
    const done = status === "completed";
    const usage = {
      total_tokens: 2,
      input_tokens: 1,
      output_tokens: 1,
      input_token_details: { text_tokens: 1, audio_tokens: 0, image_tokens: 0, cached_tokens: 0 },
      output_token_details: { text_tokens: 1, audio_tokens: 0 },
    };
    return {
      object: "realtime.response",
      id,
      status,
      status_details: done ? { type: "completed" } : null,
      output,
      conversation_id: this.#conversation,
      output_modalities,
      max_output_tokens: "inf",
      audio: { output: { format: FORMAT, voice: "alloy" } },
      usage: done ? usage : null,
      metadata: null,
    };
  }

  // The audio goes on after `response.done`, as it does at the service, which generates faster than it plays.
  #play(response_id, item_id, frames) {
    this.#emit("output_audio_buffer.started", { response_id });
    this.#playing = { response_id, item_id };
    this.#track.play(frames, () => {
      this.#playing = null;
      this.#emit("output_audio_buffer.stopped", { response_id });
    });
  }

  #clear() {
    const audio_end_ms = this.#track.clear();
    if (audio_end_ms === null) return;
    const { response_id, item_id } = this.#playing;
    this.#playing = null;
    this.#emit("output_audio_buffer.cleared", { response_id });
    this.#emit("conversation.item.truncated", { item_id, content_index: 0, audio_end_ms });
  }
}
