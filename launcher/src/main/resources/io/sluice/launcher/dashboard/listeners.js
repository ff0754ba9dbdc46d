// The listeners, each a card with its routes.

import { element, mark, Rows, say, share } from './dom.js';
import { Fact } from './fact.js';
import { bytes, count, seconds, short, speed, sum } from './format.js';
import { LatencyBar, scaleOf } from './latency.js';

const CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx', 'none'];

export class Listeners {
  #cards;

  constructor(parent) {
    this.#cards = new Rows(parent, () => new ListenerCard());
  }

  update(status) {
    this.#cards.update(status.listeners);
  }
}

class ListenerCard {
  node = element('article', { class: 'card listener' });
  #title = element('h3');
  #protocol = element('span', { class: 'chip' });
  #state = element('span', { class: 'state' });
  #binds = element('span', { class: 'address' });
  #classes = element('div', { class: 'classes', role: 'img' });
  #classRows = new Rows(this.#classes, () => new ClassShare());
  #facts = element('dl', { class: 'facts-list' });
  #factRows = new Rows(this.#facts, () => new Fact());
  #routes = element('tbody', { role: 'rowgroup' });
  #routeRows = new Rows(this.#routes, () => new RouteRow());
  #requestsTitle = element('th', { role: 'columnheader', scope: 'col', class: 'number' });
  #table = element('table', { role: 'table', class: 'routes' });

  constructor() {
    const head = (title, kind) => element('th', { role: 'columnheader', scope: 'col', class: kind }, title);
    this.#table.append(element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' }, head('Route', ''),
      this.#requestsTitle, head('Rate', 'number'), head('Latency p50 · p99', 'latency-column'))), this.#routes);
    this.node.append(
      element('header', { class: 'pool-head' },
        element('div', { class: 'pool-name' }, this.#title, this.#protocol, this.#state, this.#binds)),
      this.#classes, this.#facts, this.#table);
  }

  update(listener) {
    mark(this.node, 'state', listener.state === 'accepting' ? 'up' : 'draining');
    say(this.#title, listener.name);
    say(this.#protocol, listener.protocol.toUpperCase());
    say(this.#state, listener.state);
    say(this.#binds, listener.binds.join(', '));
    this.#tellClasses(listener.requests);
    this.#factRows.update(facts(listener));
    say(this.#requestsTitle, listener.requests === null ? 'Sessions' : 'Requests');
    this.#table.hidden = listener.routes.length === 0;
    const scale = scaleOf(listener.routes.map(route => route.latency.total.lastMinute));
    this.#routeRows.update(listener.routes.map(route => ({ ...route, scale })));
  }

  #tellClasses(requests) {
    const shares = CLASSES.filter(name => requests?.byClass[name] > 0)
      .map(name => ({ name, number: requests.byClass[name], share: requests.byClass[name] / sum(requests.byClass) }));
    this.#classes.hidden = shares.length === 0;
    const texts = shares.map(each => `${each.name} ${count(each.number)}`);
    this.#classes.setAttribute('aria-label', `Answers: ${texts.join(', ')}`);
    this.#classRows.update(shares);
  }
}

function facts(listener) {
  const { connections, requests, bytes: moved } = listener;
  const { lastMinute } = listener.latency.total;
  const started = requests ?? connections;
  return [
    { name: 'Connections', value: count(connections.now) + (connections.limit ? ` of ${count(connections.limit)}` : '')
      + `, peak ${count(connections.peak)}` },
    { name: requests ? 'Requests' : 'Sessions',
      value: `${short(started.rate)}/s, ${count(started.total)} in all` },
    { name: 'From clients', value: `${speed(moved.receivedRate)}, ${bytes(moved.received)} in all` },
    { name: 'To clients', value: `${speed(moved.sentRate)}, ${bytes(moved.sent)} in all` },
    { name: requests ? 'Latency p50 · p99' : 'Session length p50 · p99',
      value: lastMinute.count > 0 ? `${seconds(lastMinute.p50)} · ${seconds(lastMinute.p99)}` : '–' },
    ...CLASSES.filter(name => requests?.byClass[name] > 0).map(name => ({
      name: name === 'none' ? 'No answer' : `Answers ${name}`,
      value: requests.byClass[name], level: name === '5xx' ? 'warn' : 'good'
    })),
    ...Object.entries(listener.refused)
      .map(([reason, number]) => ({ name: `Refused: ${reason}`, value: number, level: 'warn' }))
  ];
}

class ClassShare {
  node = element('span');

  update(part) {
    mark(this.node, 'class', part.name);
    this.node.title = `${part.name}: ${count(part.number)}`;
    share(this.node, '--share', part.share);
  }
}

class RouteRow {
  node = element('tr', { role: 'row' });
  #name = element('th', { role: 'rowheader', scope: 'row' });
  #requests = element('td', { role: 'cell', class: 'number', 'data-label': 'Requests' });
  #rate = element('td', { role: 'cell', class: 'number', 'data-label': 'Rate' });
  #latency = new LatencyBar();

  constructor() {
    this.node.append(this.#name, this.#requests, this.#rate,
      element('td', { role: 'cell', class: 'latency-column', 'data-label': 'Latency' }, this.#latency.node));
  }

  update(route) {
    say(this.#name, route.name);
    say(this.#requests, count(route.requests));
    say(this.#rate, `${short(route.rate)}/s`);
    this.#latency.update(route.latency.total.lastMinute, route.scale);
  }
}
