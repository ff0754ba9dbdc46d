// The configuration in force, fetched anew with each generation.

import { byId, element, say } from './dom.js';
import { ago, dateAndTime } from './format.js';

/** A comment; or what leads up to a key, the key, and the rest of the line. */
const COMMENT = /^\s*#/;
const KEY = /^(\s*(?:- )*)([A-Za-z0-9_."-]+)(:(?: .*)?)$/;

export class Configuration {
  #api;
  #text = byId('yaml');
  #about = byId('generation');
  #shown = null;

  constructor(api, onCopied) {
    this.#api = api;
    // Browsers let pages write to the clipboard only over TLS and on the own machine.
    byId('copy').hidden = navigator.clipboard === undefined;
    byId('copy').onclick = async () => {
      await navigator.clipboard.writeText(this.#text.textContent);
      onCopied();
    };
  }

  update(status) {
    const { number, at, origin } = status.generation;
    say(this.#about, `Generation ${number}, from ${origin}, ${ago(at, status.at)}`);
    this.#about.title = dateAndTime(at);
    const identity = `${status.startedAt} ${number}`;
    if (identity !== this.#shown) {
      this.#shown = identity;
      this.#load(identity);
    }
  }

  async #load(identity) {
    try {
      const text = await this.#api.text('/config');
      this.#text.replaceChildren(...text.trimEnd().split('\n').flatMap(line => [...coloured(line), '\n']));
    } catch (error) {
      say(this.#text, `It cannot be shown: ${error.message}`);
      if (this.#shown === identity) {
        this.#shown = null;
      }
    }
  }
}

/** Keys and comments stand out; more than that would need a parser. */
function coloured(line) {
  if (COMMENT.test(line)) {
    return [element('span', { class: 'yaml-comment' }, line)];
  }
  const key = KEY.exec(line);
  return key === null ? [line] : [key[1], element('span', { class: 'yaml-key' }, key[2]), key[3]];
}
