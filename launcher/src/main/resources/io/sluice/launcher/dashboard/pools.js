// The pools, each a card with a table of its servers.

import { byId, element, mark, Rows, say } from './dom.js';
import { Fact } from './fact.js';
import { count } from './format.js';
import { scaleOf } from './latency.js';
import { mainLatency, ServerRow } from './servers.js';

const COLUMNS = [['Server', 'server'], ['State', 'state-cell'], ['Weight', 'number'], ['Load', 'load'],
  ['Rate', 'number'], ['Transfer', 'number'], [null, 'latency-column'], ['Failures', 'number'], ['', 'actions']];

/** All pools; a filter leaves out servers that do not fit, and pools without any that do. */
export class Pools {
  #cards;
  #filter = byId('filter');
  #troubled = byId('troubled');
  #status = null;

  /** @param manage called with a pool, a server and the state that is asked for, when a button is pressed */
  constructor(parent, manage) {
    this.#cards = new Rows(parent, () => new PoolCard(manage));
    this.#filter.addEventListener('input', () => this.#show());
    this.#troubled.addEventListener('change', () => this.#show());
  }

  update(status) {
    this.#status = status;
    this.#show();
  }

  #show() {
    if (this.#status === null) {
      return;
    }
    const wanted = this.#filter.value.trim().toLowerCase();
    const fits = server => !(this.#troubled.checked && server.state === 'up')
      && (server.name.toLowerCase().includes(wanted) || server.address.toLowerCase().includes(wanted));
    const pools = this.#status.pools
      .map(pool => ({ ...pool, shown: pool.servers.filter(fits), at: this.#status.at }))
      .filter(pool => pool.shown.length > 0 || (wanted === '' && !this.#troubled.checked));
    this.#cards.update(pools);
    byId('no-pools').hidden = pools.length > 0;
  }
}

class PoolCard {
  node = element('article', { class: 'card pool' });
  #title = element('h3');
  #protocol = element('span', { class: 'chip' });
  #balance = element('span', { class: 'chip plain' });
  #up = element('span', { class: 'up' });
  #health = element('div', { class: 'health', 'aria-hidden': 'true' });
  #facts = element('dl', { class: 'facts-list' });
  #factRows = new Rows(this.#facts, () => new Fact());
  #latencyTitle = element('th', { role: 'columnheader', scope: 'col', class: 'latency-column' });
  #segments = new Rows(this.#health, () => new Segment());
  #servers;

  constructor(manage) {
    const heads = COLUMNS.map(([title, kind]) => title === null ? this.#latencyTitle
      : element('th', { role: 'columnheader', scope: 'col', class: kind },
        title || element('span', { class: 'visually-hidden' }, 'Actions')));
    const table = element('table', { role: 'table', class: 'servers' },
      element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' }, ...heads)));
    this.#servers = new Rows(table, () => new ServerRow((server, state) => manage(this.pool, server, state)));
    this.node.append(
      element('header', { class: 'pool-head' },
        element('div', { class: 'pool-name' }, this.#title, this.#protocol, this.#balance),
        element('div', { class: 'pool-health' }, this.#up, this.#health)),
      this.#facts, table);
  }

  update(pool) {
    this.pool = pool;
    mark(this.node, 'level', pool.up === 0 ? 'bad' : pool.up < pool.size ? 'warn' : 'good');
    say(this.#title, pool.name);
    say(this.#protocol, pool.protocol.toUpperCase());
    say(this.#balance, pool.balance);
    say(this.#up, `${pool.up} of ${pool.size} up`);
    say(this.#latencyTitle, pool.protocol === 'http' ? 'Latency p50 · p99' : 'First byte p50 · p99');
    this.#segments.update(pool.servers);
    this.#factRows.update(facts(pool));
    const scale = scaleOf(pool.servers.map(server => mainLatency(pool, server)));
    this.#servers.update(pool.shown.map(server => ({ ...server, pool, scale, at: pool.at })));
  }
}

/** What is zero goes unsaid, apart from the queue. */
function facts(pool) {
  const { queue } = pool;
  return [
    { name: 'Queue',
      value: queue.total === 0 ? 'empty' : `${count(queue.now)} now, peak ${count(queue.peak)}` },
    { name: 'Waited', value: queue.total },
    { name: 'Timed out', value: queue.timeouts, level: 'warn' },
    { name: 'Queue full', value: queue.full, level: 'warn' },
    { name: 'Retries', value: pool.retries },
    { name: 'No server', value: pool.noServer, level: 'bad' }
  ].filter(fact => fact.value !== 0);
}

class Segment {
  node = element('span');

  update(server) {
    mark(this.node, 'state', server.state);
  }
}
