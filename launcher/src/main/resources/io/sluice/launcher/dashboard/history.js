// What the charts show: the readings that this page has received, as far back as it can show them.

/** An hour of readings, one each second. */
const CAPACITY = 3600;

/** A bounded list of points in time, the oldest first. */
export class History {
  #points = [];
  #last = null;

  /** The points that are not older than so many seconds. */
  since(lengthSeconds) {
    const from = (this.#points.at(-1)?.at ?? 0) - lengthSeconds;
    return this.#points.slice(this.#points.findIndex(point => point.at >= from));
  }

  add(status) {
    const at = Date.parse(status.at) / 1000;
    const same = this.#last?.startedAt === status.startedAt ? this.#last : null;
    if (this.#points.length > 0 && at <= this.#points.at(-1).at) {
      return;
    }
    this.#points.push({ at, listeners: listenerPoints(status, same), servers: poolPoints(status) });
    if (this.#points.length > CAPACITY) {
      this.#points.shift();
    }
    this.#last = status;
  }
}

/** Of each listener what its lines need. Rates of 4xx and 5xx are differences, as the API only counts them. */
function listenerPoints(status, previous) {
  const elapsed = previous ? (Date.parse(status.at) - Date.parse(previous.at)) / 1000 : 0;
  const points = {};
  for (const listener of status.listeners) {
    const before = previous?.listeners.find(other => other.name === listener.name);
    const gained = name => elapsed > 0 && before?.requests
      ? Math.max(0, (listener.requests.byClass[name] ?? 0) - (before.requests.byClass[name] ?? 0)) / elapsed : 0;
    points[listener.name] = {
      rate: listener.requests ? listener.requests.rate : listener.connections.rate,
      clientErrors: gained('4xx'),
      serverErrors: gained('5xx'),
      received: listener.bytes.receivedRate,
      sent: listener.bytes.sentRate,
      latency: listener.latency.total.lastMinute
    };
  }
  return points;
}

/** Of each TCP pool the first byte's 99th percentile of its slowest server: sessions have no other latency. */
function poolPoints(status) {
  const points = {};
  for (const pool of status.pools.filter(each => each.protocol === 'tcp')) {
    const slowest = Math.max(...pool.servers.map(server => server.latency.firstByte.lastMinute.p99 ?? -1));
    points[pool.name] = slowest < 0 ? null : slowest;
  }
  return points;
}
