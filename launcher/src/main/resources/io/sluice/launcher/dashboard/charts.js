// Traffic, throughput and latency over time, drawn by Chart.js.

import { element, mark, Rows, say } from './dom.js';
import { clock, seconds, short, speed } from './format.js';
import { History } from './history.js';

/** More lines than this cannot be told apart. */
const MOST_LINES = 6;
const LEAST_WINDOW_SECONDS = 60;
/** Between two times on the axis. */
const STEPS_SECONDS = [15, 30, 60, 180, 300, 900];
const MOST_TICKS = 5;
const ALL = '';

/** The three charts, of one listener or of all. */
export class Charts {
  #history = new History();
  #scope;
  #window;
  #status = null;
  #rate = new LineChart('Requests and sessions', 'started each second', value => `${short(value)}/s`, 4);
  #bytes = new LineChart('Throughput', 'bytes each second', speed, 4000);
  #latency = new LineChart('Latency', 'over the last minute', seconds, 0.004);

  constructor(parent, scope, windowChoice) {
    this.#scope = scope;
    this.#window = windowChoice;
    parent.append(this.#rate.node, this.#bytes.node, this.#latency.node);
    scope.addEventListener('change', () => this.#draw());
    windowChoice.addEventListener('change', () => this.#draw());
  }

  update(status) {
    this.#history.add(status);
    this.#status = status;
    this.#offer(status.listeners.map(listener => listener.name));
    this.#draw();
  }

  /** Takes the colours of the style sheet anew. */
  recolour() {
    [this.#rate, this.#bytes, this.#latency].forEach(chart => chart.recolour());
    this.#draw();
  }

  #offer(names) {
    const offered = [...this.#scope.options].slice(1).map(option => option.value);
    if (this.#scope.options.length > 0 && names.join('\n') === offered.join('\n')) {
      return;
    }
    const chosen = this.#scope.value;
    this.#scope.replaceChildren(element('option', { value: ALL }, 'all'),
      ...names.map(name => element('option', { value: name }, name)));
    this.#scope.value = names.includes(chosen) ? chosen : ALL;
  }

  #draw() {
    if (this.#status === null) {
      return;
    }
    const length = Number(this.#window.value);
    const points = this.#history.since(length);
    const chosen = this.#status.listeners.find(listener => listener.name === this.#scope.value);
    const lines = chosen ? linesOfOne(chosen) : linesOfAll(this.#status);
    this.#rate.draw(points, lines.rate, length);
    this.#bytes.draw(points, lines.bytes, length);
    this.#latency.draw(points, lines.latency, length);
    say(this.#latency.subtitle, lines.latencyOf);
  }
}

/** A line is a name, a colour of the style sheet's, and how to read its value from a point. */
function linesOfOne(listener) {
  const of = (name, colour, read) =>
    ({ name, colour, read: point => point.listeners[listener.name] && read(point.listeners[listener.name]) });
  const http = listener.requests !== null;
  return {
    rate: http
      ? [of('all requests', 1, at => at.rate), of('4xx', 'warn', at => at.clientErrors),
        of('5xx', 'bad', at => at.serverErrors)]
      : [of('sessions', 1, at => at.rate)],
    bytes: [of('to clients', 1, at => at.sent), of('from clients', 2, at => at.received)],
    latency: [of('p50', 3, at => at.latency.p50), of('p90', 2, at => at.latency.p90),
      of('p99', 5, at => at.latency.p99)],
    latencyOf: http ? 'requests of the last minute' : 'length of the sessions that ended in the last minute'
  };
}

function linesOfAll(status) {
  const listeners = status.listeners.slice(0, MOST_LINES);
  const http = status.listeners.filter(listener => listener.requests !== null);
  const tcp = status.pools.filter(pool => pool.protocol === 'tcp');
  const summed = key => point => Object.values(point.listeners).reduce((total, at) => total + at[key], 0);
  const latency = [
    ...http.map(listener => ({ name: listener.name, read: point => point.listeners[listener.name]?.latency.p99 })),
    ...tcp.map(pool => ({ name: `${pool.name}, first byte`, read: point => point.servers[pool.name] }))
  ].slice(0, MOST_LINES);
  return {
    rate: listeners.map((listener, index) =>
      ({ name: listener.name, colour: index + 1, read: point => point.listeners[listener.name]?.rate })),
    bytes: [{ name: 'to clients', colour: 1, read: summed('sent') },
      { name: 'from clients', colour: 2, read: summed('received') }],
    latency: latency.map((line, index) => ({ ...line, colour: index + 1 })),
    latencyOf: '99th percentile of the last minute'
  };
}

/** One chart with its title and its legend, which tells the newest values. */
class LineChart {
  subtitle = element('p', { class: 'subtitle' });
  #format;
  #title;
  #canvas = element('canvas', { role: 'img' });
  #legend = element('ul', { class: 'legend' });
  #entries = new Rows(this.#legend, () => new LegendEntry());
  #chart;

  /** @param least what the scale reaches up to, if there is nothing higher */
  constructor(title, subtitle, format, least) {
    this.#title = title;
    this.#format = format;
    say(this.subtitle, subtitle);
    this.node = element('figure', { class: 'card chart' },
      element('figcaption', {}, element('h3', {}, title), this.subtitle),
      element('div', { class: 'plot' }, this.#canvas), this.#legend);
    this.#chart = new Chart(this.#canvas, { type: 'line', data: { datasets: [] }, options: options(format, least) });
    this.recolour();
  }

  recolour() {
    const { scales } = this.#chart.options;
    for (const scale of [scales.x, scales.y]) {
      scale.ticks.color = colour('muted');
      scale.grid.color = colour('line');
    }
  }

  draw(points, lines, lengthSeconds) {
    const end = points.at(-1).at;
    const shown = Math.min(lengthSeconds, Math.max(LEAST_WINDOW_SECONDS, end - points[0].at));
    const step = STEPS_SECONDS.find(each => shown / each <= MOST_TICKS);
    Object.assign(this.#chart.options.scales.x, { min: end - shown, max: end });
    Object.assign(this.#chart.options.scales.x.ticks, { stepSize: step,
      callback: at => clock(at * 1000).slice(0, step < 60 ? 8 : 5) });
    const { data } = this.#chart;
    data.datasets = lines.map((line, index) => dataset(line, points, index === 0, data.datasets[index]));
    this.#chart.update('none');
    const newest = lines.map(line => ({ ...line, value: this.#format(line.read(points.at(-1)) ?? null) }));
    this.#entries.update(newest);
    this.#canvas.setAttribute('aria-label',
      `${this.#title} now: ${newest.map(line => `${line.name} ${line.value}`).join(', ')}`);
  }
}

/** Chart.js keeps state in a dataset, so the one of before is filled anew. */
function dataset(line, points, filled, before) {
  const stroke = colour(String(line.colour));
  return Object.assign(before ?? {}, {
    label: line.name,
    data: points.map(point => ({ x: point.at, y: line.read(point) ?? NaN })),
    borderColor: stroke,
    backgroundColor: stroke.replace('rgb(', 'rgba(').replace(')', ', 0.12)'),
    fill: filled ? 'origin' : false
  });
}

class LegendEntry {
  node = element('li');
  #name = element('span');
  #value = element('strong');

  constructor() {
    this.node.append(this.#name, ' ', this.#value);
  }

  update(line) {
    mark(this.node, 'colour', String(line.colour));
    say(this.#name, line.name);
    say(this.#value, line.value);
  }
}

function options(format, least) {
  const font = { family: getComputedStyle(document.body).fontFamily, size: 11 };
  return {
    animation: false,
    parsing: false,
    normalized: true,
    responsive: true,
    maintainAspectRatio: false,
    interaction: { mode: 'index', intersect: false },
    elements: { line: { borderWidth: 1.75, tension: 0.25 }, point: { radius: 0, hoverRadius: 3 } },
    plugins: {
      legend: { display: false },
      tooltip: {
        callbacks: {
          title: items => clock(items[0].parsed.x * 1000),
          label: item => `${item.dataset.label}  ${format(item.parsed.y)}`
        }
      }
    },
    scales: {
      x: {
        type: 'linear', grid: { display: false }, border: { display: false },
        ticks: { font, maxRotation: 0, includeBounds: false }
      },
      y: {
        beginAtZero: true, suggestedMax: least, grid: { drawTicks: false }, border: { display: false },
        ticks: { font, maxTicksLimit: 5, padding: 8, callback: value => format(value) }
      }
    }
  };
}

/** A colour of the style sheet's, as it is in the theme of the moment. */
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--chart-${name}`).trim();
}
