// The tiles at the top: how Sluice fares, in one glance.

import { element, mark, Rows, say, share } from './dom.js';
import { bytes, count, percent, short, speed, sum } from './format.js';

export class Overview {
  #tiles;

  constructor(parent) {
    this.#tiles = new Rows(parent, () => new Tile());
  }

  update(status) {
    this.#tiles.update([...this.#traffic(status), connections(status), servers(status), errors(status),
      ...workers(status)]);
  }

  #traffic(status) {
    const http = status.listeners.filter(listener => listener.requests !== null);
    const tcp = status.listeners.filter(listener => listener.requests === null);
    const all = (listeners, read) => listeners.reduce((total, listener) => total + read(listener), 0);
    const tiles = [];
    if (http.length > 0) {
      tiles.push({ name: 'Requests', value: `${short(all(http, each => each.requests.rate))}/s`,
        more: `${short(all(http, each => each.requests.total))} in all` });
    }
    if (tcp.length > 0) {
      tiles.push({ name: 'TCP sessions', value: `${short(all(tcp, each => each.connections.rate))}/s`,
          more: `${count(all(tcp, each => each.connections.now))} open, `
          + `${short(all(tcp, each => each.connections.total))} in all` });
    }
    tiles.push({ name: 'Throughput',
      value: speed(all(status.listeners, each => each.bytes.receivedRate + each.bytes.sentRate)),
      more: `↓ ${bytes(all(status.listeners, each => each.bytes.received))}  `
        + `↑ ${bytes(all(status.listeners, each => each.bytes.sent))}` });
    return tiles;
  }
}

function connections(status) {
  const { now, peak, limit } = status.connections;
  return { name: 'Connections', value: count(now), share: limit ? now / limit : null,
    level: limit && now > 0.9 * limit ? 'bad' : limit && now > 0.75 * limit ? 'warn' : 'good',
    more: `peak ${short(peak)}${limit ? ` of ${short(limit)}` : ''}` };
}

function servers(status) {
  const all = status.pools.flatMap(pool => pool.servers);
  const up = all.filter(server => server.state === 'up').length;
  const others = {};
  all.filter(server => server.state !== 'up').forEach(server => others[server.state] = (others[server.state] ?? 0) + 1);
  const empty = status.pools.filter(pool => pool.up === 0).length;
  return { name: 'Servers up', value: `${count(up)} / ${count(all.length)}`, share: all.length ? up / all.length : null,
    level: empty > 0 ? 'bad' : others.down || others.ejected ? 'warn' : 'good',
    more: empty > 0 ? `${empty === 1 ? 'a pool has' : `${empty} pools have`} none`
      : Object.entries(others).map(([state, number]) => `${number} ${state}`).join(', ') || 'all of them' };
}

function errors(status) {
  const http = status.listeners.filter(listener => listener.requests !== null);
  const failed = http.reduce((total, listener) => total + (listener.requests.byClass['5xx'] ?? 0), 0);
  const requests = http.reduce((total, listener) => total + listener.requests.total, 0);
  const refused = status.listeners.reduce((total, listener) => total + sum(listener.refused), 0);
  const unserved = status.pools.reduce((total, pool) => total + pool.noServer, 0);
  return { name: requests > 0 ? 'Answers 5xx' : 'Refused',
    value: requests > 0 ? percent(failed / requests) : count(refused),
    level: requests > 0 && failed / requests > 0.01 ? 'warn' : 'good',
    more: requests > 0 ? `${short(failed)}, refused ${short(refused)}` : `${count(unserved)} found no server` };
}

/** None if the system does not tell what threads take. */
function workers(status) {
  const busy = status.workers.filter(worker => worker.busy !== null && worker.busy !== undefined);
  if (busy.length === 0) {
    return [];
  }
  const most = Math.max(...busy.map(worker => worker.busy));
  return [{ name: 'Busiest worker', value: percent(most), level: most > 0.9 ? 'warn' : 'good',
    bars: busy.map(worker => ({ name: worker.name, share: worker.busy, text: `${worker.name}: ${percent(worker.busy)}, `
      + `${count(worker.connections)} connections` })),
    more: `of ${busy.length}` }];
}

class Tile {
  node = element('div', { class: 'card tile' });
  #name = element('h3');
  #value = element('p', { class: 'value' });
  #more = element('p', { class: 'more' });
  #bar = element('div', { class: 'meter', hidden: true });
  #bars = element('div', { class: 'bars', hidden: true });
  #rows = new Rows(this.#bars, () => new Bar());

  constructor() {
    this.node.append(this.#name, this.#value, this.#bar, this.#bars, this.#more);
  }

  update(tile) {
    mark(this.node, 'level', tile.level ?? 'good');
    say(this.#name, tile.name);
    say(this.#value, tile.value);
    say(this.#more, tile.more);
    this.#bar.hidden = tile.share === null || tile.share === undefined;
    share(this.#bar, '--share', tile.share ?? 0);
    this.#bars.hidden = !tile.bars;
    this.#rows.update(tile.bars ?? []);
  }
}

class Bar {
  node = element('span');

  update(bar) {
    this.node.title = bar.text;
    share(this.node, '--share', bar.share);
  }
}
