// The live connection: server-sent events over fetch, as EventSource cannot send the token.

import { ApiError } from './api.js';

/** Sluice tells something each second; after this long without a byte the connection counts as dead. */
const SILENCE_MS = 6000;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 10000;

/**
 * Reads /events and begins again whenever that ends. Tells `onStatus(status)` for each reading, `onTrouble(reason)`
 * when the connection is lost, and `onRefused(error)`, after which it stays closed, if the token is not accepted.
 */
export class StatusStream {
  #api;
  #observer;
  #abort = null;
  #retry = null;
  #retryMs = FIRST_RETRY_MS;
  #closed = false;

  constructor(api, observer) {
    this.#api = api;
    this.#observer = observer;
  }

  /** Connects now, whatever is waited for. */
  start() {
    clearTimeout(this.#retry);
    this.#abort?.abort();
    this.#abort = new AbortController();
    this.#run(this.#abort);
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#abort?.abort();
  }

  async #run(abort) {
    let reason = 'Sluice has ended the connection.';
    try {
      await this.#read(abort);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        this.close();
        this.#observer.onRefused(error);
        return;
      }
      reason = error instanceof ApiError ? error.message : 'Sluice cannot be reached.';
    }
    if (!this.#closed && abort === this.#abort) {
      this.#observer.onTrouble(reason);
      this.#retry = setTimeout(() => this.start(), this.#retryMs);
      this.#retryMs = Math.min(2 * this.#retryMs, LAST_RETRY_MS);
    }
  }

  async #read(abort) {
    let silence = setTimeout(() => abort.abort(), SILENCE_MS);
    try {
      const response = await this.#api.open('/events', abort.signal);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      const parser = new EventParser((name, data) => this.#onEvent(name, data));
      for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
        clearTimeout(silence);
        silence = setTimeout(() => abort.abort(), SILENCE_MS);
        parser.push(chunk.value);
      }
    } finally {
      clearTimeout(silence);
    }
  }

  #onEvent(name, data) {
    if (name === 'status') {
      this.#retryMs = FIRST_RETRY_MS;
      this.#observer.onStatus(JSON.parse(data));
    }
  }
}

/** Cuts a stream of text into events, as the HTML standard describes them. */
export class EventParser {
  #onEvent;
  #rest = '';
  #name = '';
  #data = [];

  constructor(onEvent) {
    this.#onEvent = onEvent;
  }

  push(text) {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop();
    lines.forEach(line => this.#line(line.endsWith('\r') ? line.slice(0, -1) : line));
  }

  #line(line) {
    if (line === '') {
      if (this.#data.length > 0) {
        this.#onEvent(this.#name || 'message', this.#data.join('\n'));
      }
      this.#name = '';
      this.#data = [];
    } else if (line.startsWith('event:')) {
      this.#name = line.slice(6).trimStart();
    } else if (line.startsWith('data:')) {
      this.#data.push(line.slice(line[5] === ' ' ? 6 : 5));
    }
  }
}
