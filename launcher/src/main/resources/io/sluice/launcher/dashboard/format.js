// Numbers and times as people read them. A value that there is none of is an en dash.

const NONE = '–';
const COUNT = new Intl.NumberFormat('en');
const SIZES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
const LARGE = ['', 'k', 'M', 'G', 'T'];

/** 1234567 as 1,234,567. */
export function count(value) {
  return value === null || value === undefined ? NONE : COUNT.format(value);
}

/** Two digits at least, unless it is nothing. */
function digits(value) {
  return value === 0 ? '0' : value < 10 ? value.toFixed(1) : Math.round(value).toString();
}

function scaled(value, units) {
  let scale = 0;
  while (value >= 999.5 && scale < units.length - 1) {
    value /= 1000;
    scale++;
  }
  return [scale === 0 && Number.isInteger(value) ? value.toString() : digits(value), units[scale]];
}

/** 12345 as 12k. */
export function short(value) {
  return value === null || value === undefined ? NONE : scaled(value, LARGE).join('');
}

/** Bytes: 1234567 as 1.2 MB. */
export function bytes(value) {
  return value === null || value === undefined ? NONE : scaled(Math.round(value), SIZES).join(' ');
}

/** Bytes of each second. */
export function speed(value) {
  return value === null || value === undefined ? NONE : `${bytes(value)}/s`;
}

/** A duration of a request or a session, in seconds. */
export function seconds(value) {
  if (value === null || value === undefined) {
    return NONE;
  }
  if (value < 0.0009995) {
    return `${Math.round(value * 1e6)} µs`;
  }
  if (value < 0.9995) {
    return `${digits(value * 1e3)} ms`;
  }
  return value < 60 ? `${digits(value)} s` : span(value);
}

/** A long duration, in seconds: days and hours, hours and minutes, minutes, or seconds. */
export function span(value) {
  const whole = Math.max(0, Math.floor(value));
  const units = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']];
  const first = units.findIndex(([length]) => whole >= length);
  if (first < 0) {
    return '0 s';
  }
  const [length, name] = units[first];
  const text = `${Math.floor(whole / length)} ${name}`;
  const next = units[first + 1];
  const rest = next ? Math.floor(whole % length / next[0]) : 0;
  return rest > 0 && first < 2 ? `${text} ${rest} ${next[1]}` : text;
}

/** How long one instant is before another, both in ISO 8601: the server's clock is compared with itself. */
export function ago(instant, now) {
  return `${span((Date.parse(now) - Date.parse(instant)) / 1000)} ago`;
}

/** An instant as a time of the reader's day. */
export function clock(instant) {
  return new Date(instant).toLocaleTimeString('en-GB');
}

/** An instant as date and time of the reader's. */
export function dateAndTime(instant) {
  const date = new Date(instant);
  return `${date.toLocaleDateString('en-CA')} ${date.toLocaleTimeString('en-GB')}`;
}

/** A share as a percentage. */
export function percent(value) {
  return value === null || value === undefined ? NONE : `${digits(100 * value)} %`;
}

/** The sum of an object's values, which may be missing. */
export function sum(values) {
  return Object.values(values ?? {}).reduce((total, value) => total + value, 0);
}
