// A server: its row in the table of its pool, and what unfolds below it.

import { element, mark, Rows, say, share } from './dom.js';
import { Fact } from './fact.js';
import { ago, bytes, count, percent, seconds, short, speed, sum } from './format.js';
import { LatencyBar, LatencyTable } from './latency.js';

const KINDS = [
  { key: 'connect', title: 'Connect' }, { key: 'queue', title: 'Queue' },
  { key: 'firstByte', title: 'First byte' }, { key: 'total', title: 'Total' }
];

/** The latency that says most about a server: a request's, or until a session's first byte. */
export function mainLatency(pool, server) {
  return (pool.protocol === 'http' ? server.latency.total : server.latency.firstByte).lastMinute;
}

/** One server, a table's body of one or two rows. On a narrow screen the style sheet makes a card of it. */
export class ServerRow {
  node = element('tbody', { role: 'rowgroup' });
  #manage;
  #server = null;
  #name = element('button', { type: 'button', class: 'unfold', 'aria-expanded': 'false' });
  #address = element('span', { class: 'address' });
  #role = element('span', { class: 'chip', hidden: true });
  #backup = element('span', { class: 'chip plain', hidden: true }, 'backup');
  #state = element('span', { class: 'state' });
  #since = element('small');
  #weight = element('span');
  #load = element('span');
  #idle = element('small');
  #meter = element('div', { class: 'meter', 'aria-hidden': 'true' });
  #rate = element('span');
  #total = element('small');
  #received = element('span');
  #sent = element('small');
  #latency = new LatencyBar();
  #failures = element('span');
  #retries = element('small');
  #switch = element('button', { type: 'button', class: 'quiet' });
  #more = element('button', { type: 'button', class: 'quiet' }, 'More…');
  #details = null;

  constructor(manage) {
    this.#manage = manage;
    const cell = (label, kind, ...children) =>
      element('td', { role: 'cell', 'data-label': label, class: kind }, ...children);
    this.node.append(element('tr', { role: 'row' },
      element('th', { role: 'rowheader', scope: 'row', class: 'server' },
        this.#name, this.#role, this.#backup, this.#address),
      cell('State', 'state-cell', this.#state, this.#since),
      cell('Weight', 'number', this.#weight),
      cell('Load', 'load', this.#load, this.#idle, this.#meter),
      cell('Rate', 'number', this.#rate, this.#total),
      cell('Transfer', 'number', this.#received, this.#sent),
      cell('Latency', 'latency-column', this.#latency.node),
      cell('Failures', 'number failures', this.#failures, this.#retries),
      cell('Actions', 'actions', this.#switch, this.#more)));
    this.#name.addEventListener('click', () => this.#unfold());
    this.#switch.addEventListener('click', () => this.#manage(this.#server, this.#wanted()));
    this.#more.addEventListener('click', () => this.#manage(this.#server, this.#server.adminState));
  }

  update(server) {
    this.#server = server;
    this.#tellWho(server);
    this.#tellTraffic(server);
    this.#latency.update(mainLatency(server.pool, server), server.scale);
    const failures = sum(server.errors);
    say(this.#failures, count(failures));
    mark(this.#failures, 'level', failures > 0 ? 'warn' : 'good');
    say(this.#retries, server.retries > 0 ? `${count(server.retries)} retries` : '');
    say(this.#switch, this.#wanted() === 'drain' ? 'Drain' : 'Enable');
    this.#switch.setAttribute('aria-label', `${this.#switch.textContent} ${server.name}`);
    this.#more.setAttribute('aria-label', `More about the state and weight of ${server.name}`);
    if (this.#details !== null && !this.#details.node.hidden) {
      this.#details.update(server);
    }
  }

  #tellWho(server) {
    say(this.#name, server.name);
    say(this.#address, server.address);
    this.#role.hidden = server.role === null;
    say(this.#role, server.role === 'none' ? 'no role' : server.role ?? '');
    mark(this.#role, 'role', server.role ?? '');
    this.#backup.hidden = !server.backup;
    mark(this.node, 'state', server.state);
    say(this.#state, server.state);
    say(this.#since, server.lastChange === null ? '' : `for ${ago(server.lastChange.at, server.at).slice(0, -4)}`);
  }

  #tellTraffic(server) {
    const { now, limit, idle } = server.connections;
    const http = server.requests !== null;
    say(this.#weight, count(server.weight));
    say(this.#load, limit ? `${count(now)} / ${count(limit)}` : count(now));
    say(this.#idle, http ? `${count(idle)} idle` : `peak ${count(server.connections.peak)}`);
    this.#meter.hidden = !limit;
    share(this.#meter, '--share', limit ? now / limit : 0);
    mark(this.#meter, 'level', limit && now >= limit ? 'bad' : 'good');
    say(this.#rate, `${short(http ? server.requests.rate : server.connections.rate)}/s`);
    say(this.#total, `${short(http ? server.requests.total : server.connections.total)} in all`);
    say(this.#received, `↓ ${speed(server.bytes.receivedRate)}`);
    say(this.#sent, `↑ ${speed(server.bytes.sentRate)}`);
  }

  #wanted() {
    return this.#server.adminState === 'ready' ? 'drain' : 'ready';
  }

  #unfold() {
    if (this.#details === null) {
      this.#details = new ServerDetails();
      this.#details.node.hidden = true;
      this.node.append(this.#details.node);
    }
    this.#details.node.hidden = !this.#details.node.hidden;
    this.#name.setAttribute('aria-expanded', String(!this.#details.node.hidden));
    this.#details.update(this.#server);
  }
}

/** What there is no room for in the row. */
class ServerDetails {
  node = element('tr', { role: 'row', class: 'details' });
  #facts = element('dl', { class: 'facts-list' });
  #rows = new Rows(this.#facts, () => new Fact());
  #latency = new LatencyTable(KINDS);

  constructor() {
    this.node.append(element('td', { role: 'cell', colspan: '9' }, this.#facts, this.#latency.node));
  }

  update(server) {
    this.#rows.update(details(server));
    this.#latency.update(server.latency);
  }
}

function details(server) {
  const { check, lastChange, connections, bytes: moved } = server;
  const facts = [
    { name: 'Health check', value: check === null ? 'none'
      : withReason(`${check.result}, ${ago(check.at, server.at)}, in ${seconds(check.seconds)}`, check.reason) },
    { name: 'Last change', value: lastChange === null ? 'none'
      : withReason(`${lastChange.from} to ${lastChange.to}, ${ago(lastChange.at, server.at)}`, lastChange.reason) },
    { name: 'Connections', value: `${count(connections.total)} opened, peak ${count(connections.peak)}, `
      + `${count(connections.idle)} idle` },
    { name: 'Bytes', value: `${bytes(moved.received)} from it, ${bytes(moved.sent)} to it` },
    { name: 'Came through the queue', value: count(server.queue) }
  ];
  if (server.requests !== null) {
    const { total, byClass } = server.requests;
    const shares = Object.entries(byClass)
      .map(([name, number]) => `${name}: ${count(number)} (${percent(total > 0 ? number / total : 0)})`);
    facts.push({ name: 'Answers', value: shares.join(', ') || 'none' });
  }
  for (const [reason, number] of Object.entries(server.errors)) {
    facts.push({ name: `Failed: ${reason}`, value: count(number) });
  }
  return facts;
}

function withReason(text, reason) {
  return reason ? `${text}: ${reason}` : text;
}
