// What has happened of late.

import { byId, element, mark, Rows, say } from './dom.js';
import { clock, dateAndTime } from './format.js';

export class Events {
  #rows;
  #warnings = byId('warnings');
  #events = [];

  constructor(parent) {
    this.#rows = new Rows(parent, () => new EventRow());
    this.#warnings.addEventListener('change', () => this.#show());
  }

  update(status) {
    this.#events = status.events.toReversed();
    this.#show();
  }

  #show() {
    const shown = this.#events.filter(event => !this.#warnings.checked || event.level !== 'info');
    const seen = new Map();
    // Several events can have the same time and text: they are told apart by how many such there are.
    this.#rows.update(shown, event => {
      const key = `${event.at} ${event.text}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
      return `${key} ${seen.get(key)}`;
    });
  }
}

class EventRow {
  node = element('li');
  #time = element('time');
  #level = element('span', { class: 'level' });
  #text = element('span', { class: 'event-text' });

  constructor() {
    this.node.append(this.#time, this.#level, this.#text);
  }

  update(event) {
    this.#time.dateTime = event.at;
    this.#time.title = dateAndTime(event.at);
    say(this.#time, clock(event.at));
    mark(this.node, 'level', event.level);
    say(this.#level, event.level);
    say(this.#text, event.text);
  }
}
