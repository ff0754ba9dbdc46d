// Percentiles: as a bar in a row, and as a table.

import { element, mark, say, share } from './dom.js';
import { count, seconds } from './format.js';

const COLUMNS = ['count', 'mean', 'p50', 'p90', 'p99', 'p999', 'p9999', 'max'];
const TITLES = { p50: 'p50', p90: 'p90', p99: 'p99', p999: 'p99.9', p9999: 'p99.99' };

/** The ends of a logarithmic scale that several bars share, so that they can be compared. */
export function scaleOf(quantiles) {
  const known = quantiles.filter(each => each.count > 0);
  const low = Math.min(...known.map(each => each.p50), 1);
  const high = Math.max(...known.map(each => each.p99), 1e-6);
  return { low: Math.log(Math.max(low, 1e-6) / 1.6), high: Math.log(Math.max(high, low) * 1.1) };
}

/** The median as a dot, from there to p90 a strong line, to p99 a faint one. */
export class LatencyBar {
  node = element('div', { class: 'latency' });
  #text = element('span', { class: 'latency-text' });
  #bar = element('div', { class: 'latency-bar', 'aria-hidden': 'true' });

  constructor() {
    this.node.append(this.#text, this.#bar);
  }

  update(quantiles, scale) {
    const known = quantiles.count > 0;
    mark(this.node, 'known', String(known));
    say(this.#text, known ? `${seconds(quantiles.p50)} · ${seconds(quantiles.p99)}` : '–');
    this.node.title = known
      ? `p50 ${seconds(quantiles.p50)}, p90 ${seconds(quantiles.p90)}, p99 ${seconds(quantiles.p99)}, `
        + `max ${seconds(quantiles.max)} of ${count(quantiles.count)} in the last minute`
      : 'nothing in the last minute';
    if (known) {
      const at = value => (Math.log(Math.max(value, 1e-6)) - scale.low) / (scale.high - scale.low);
      share(this.#bar, '--p50', at(quantiles.p50));
      share(this.#bar, '--p90', at(quantiles.p90));
      share(this.#bar, '--p99', at(quantiles.p99));
    }
  }
}

/** All percentiles of some kinds of latency, over the last minute and since the start. */
export class LatencyTable {
  node;
  #cells = [];

  constructor(kinds) {
    const body = element('tbody');
    for (const kind of kinds) {
      for (const period of ['lastMinute', 'sinceStart']) {
        const cells = COLUMNS.map(column => element('td', { 'data-label': TITLES[column] ?? column }));
        body.append(element('tr', {}, element('th', { scope: 'row' },
          kind.title, element('small', {}, period === 'lastMinute' ? ' last minute' : ' since start')), ...cells));
        this.#cells.push({ key: kind.key, period, cells });
      }
    }
    this.node = element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Percentiles' },
      element('table', { class: 'percentiles' },
        element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'Latency'),
          ...COLUMNS.map(column => element('th', { scope: 'col' }, TITLES[column] ?? column)))), body));
  }

  update(latency) {
    for (const { key, period, cells } of this.#cells) {
      const quantiles = latency[key][period];
      COLUMNS.forEach((column, index) =>
        say(cells[index], column === 'count' ? count(quantiles.count) : seconds(quantiles[column])));
    }
  }
}
