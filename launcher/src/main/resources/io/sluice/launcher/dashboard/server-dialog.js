// Where a server's state and weight are changed; it asks before it does.

import { serverPath } from './api.js';
import { byId, element, say } from './dom.js';
import { count } from './format.js';

const MOST_WEIGHT = 256;
const STATES = [
  { state: 'ready', title: 'Ready', verb: 'Enable', means: 'It gets new connections and requests while it is up.' },
  { state: 'drain', title: 'Drain', verb: 'Drain',
    means: 'It gets no new clients. Those that it has go on, also those of a sticky cookie.' },
  { state: 'maintenance', title: 'Maintenance', verb: 'Take out',
    means: 'It gets nothing new and is not checked until it is ready again.' }
];

/** A modal dialog for one server at a time. Closes when the change is made, and says why when it is not. */
export class ServerDialog {
  #api;
  #onDone;
  #dialog = byId('server-dialog');
  #title = element('h2', { id: 'server-dialog-title' });
  #about = element('p', { class: 'hint' });
  #choices = new Map();
  #weight = element('input',
    { id: 'weight', type: 'number', min: '0', max: String(MOST_WEIGHT), step: '1', required: true });
  #warning = element('p', { class: 'warning', role: 'status' });
  #error = element('p', { class: 'error', role: 'alert' });
  #confirm = element('button', { type: 'submit', class: 'primary' });
  #pool = null;
  #server = null;
  #tag = null;

  constructor(api, onDone) {
    this.#api = api;
    this.#onDone = onDone;
    const form = element('form', {}, this.#title, this.#about,
      element('fieldset', {}, element('legend', {}, 'State'), ...STATES.map(each => this.#choice(each))),
      element('p', { class: 'field' }, element('label', { for: 'weight' }, 'Weight'), this.#weight),
      this.#warning, this.#error,
      element('div', { class: 'dialog-end' },
        element('button', { type: 'button', class: 'quiet', onclick: () => this.#dialog.close() }, 'Cancel'),
        this.#confirm));
    form.addEventListener('input', () => this.#describe());
    form.addEventListener('submit', event => {
      event.preventDefault();
      this.#change();
    });
    this.#dialog.replaceChildren(form);
  }

  /** Asks for a change of this server, with a state chosen already. */
  open(pool, server, state) {
    this.#pool = pool;
    this.#server = server;
    this.#tag = this.#api.tag(serverPath(pool.name, server.name)).catch(() => null);
    say(this.#title, `${server.name} of ${pool.name}`);
    say(this.#about, `${server.address} is ${server.state}, with ${count(server.connections.now)} `
      + (server.requests === null ? 'sessions.' : 'requests under way.'));
    this.#choices.get(state).checked = true;
    this.#weight.value = server.weight;
    say(this.#error, '');
    this.#describe();
    this.#dialog.showModal();
    this.#confirm.focus();
  }

  #choice({ state, title, means }) {
    const radio = element('input', { type: 'radio', name: 'state', value: state });
    this.#choices.set(state, radio);
    return element('label', { class: 'choice' }, radio, element('span', {}, element('strong', {}, title),
      element('small', {}, means)));
  }

  #wanted() {
    return STATES.find(each => this.#choices.get(each.state).checked);
  }

  /** Only what differs from what is. */
  #difference() {
    const change = {};
    if (this.#wanted().state !== this.#server.adminState) {
      change.state = this.#wanted().state;
    }
    if (this.#weight.valueAsNumber !== this.#server.weight) {
      change.weight = this.#weight.valueAsNumber;
    }
    return change;
  }

  #describe() {
    const change = this.#difference();
    const last = this.#server.state === 'up' && this.#pool.up === 1;
    const leaves = change.state !== undefined && change.state !== 'ready';
    say(this.#warning, last && leaves
      ? `It is the only server of ${this.#pool.name} that is up: without it, the pool refuses its clients.` : '');
    say(this.#confirm,
      change.state !== undefined ? `${this.#wanted().verb} ${this.#server.name}` : 'Change the weight');
    this.#confirm.classList.toggle('dangerous', leaves);
    this.#confirm.disabled = Object.keys(change).length === 0 || !this.#weight.checkValidity();
  }

  async #change() {
    const change = this.#difference();
    say(this.#error, '');
    this.#confirm.disabled = true;
    try {
      await this.#api.patch(serverPath(this.#pool.name, this.#server.name), change, await this.#tag);
      this.#dialog.close();
      const made = Object.entries(change).map(([name, value]) => `${name} ${value}`);
      this.#onDone(`${this.#server.name}: ${made.join(', ')}.`);
    } catch (error) {
      say(this.#error,
        error.status === undefined ? 'Sluice cannot be reached; nothing has been changed.' : error.message);
      this.#tag = this.#api.tag(serverPath(this.#pool.name, this.#server.name)).catch(() => null);
      this.#confirm.disabled = false;
    }
  }
}
