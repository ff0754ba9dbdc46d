// The page: who has signed in, what was received last, and how old that is.

import { Api } from './api.js';
import { Charts } from './charts.js';
import { Configuration } from './configuration.js';
import { byId, mark, say } from './dom.js';
import { Events } from './events.js';
import { span } from './format.js';
import { Listeners } from './listeners.js';
import { Overview } from './overview.js';
import { Pools } from './pools.js';
import { ServerDialog } from './server-dialog.js';
import { StatusStream } from './stream.js';

const TOKEN = 'sluice-token';
const THEME = 'sluice-theme';
const THEMES = ['auto', 'light', 'dark'];
/** Readings come each second; a page that has got none for this long says so. */
const STALE_MS = 4000;
const TOAST_MS = 5000;

/** What is there while someone is signed in. */
class Dashboard {
  #stream;
  #parts;
  #charts = new Charts(byId('charts'), byId('scope'), byId('window'));
  #receivedMs = null;
  #received = null;
  #trouble = 'Nothing has come from Sluice.';
  #clock;

  constructor(api, onRefused) {
    const dialog = new ServerDialog(api, toast);
    this.#parts = [new Overview(byId('tiles')), this.#charts,
      new Pools(byId('pool-list'), (pool, server, state) => dialog.open(pool, server, state)),
      new Listeners(byId('listener-list')), new Events(byId('event-list')),
      new Configuration(api, () => toast('The configuration is on the clipboard.'))];
    this.#stream = new StatusStream(api, {
      onStatus: status => this.#onStatus(status),
      onTrouble: reason => this.#trouble = reason,
      onRefused
    });
    byId('retry').onclick = () => this.#stream.start();
    window.addEventListener('online', () => this.#stream.start());
    this.#clock = setInterval(() => this.#tellAge(), 1000);
    this.#stream.start();
  }

  recolour() {
    this.#charts.recolour();
  }

  #onStatus(status) {
    this.#receivedMs = performance.now();
    this.#received = status;
    this.#trouble = 'Sluice has fallen silent.';
    say(byId('facts'),
      `${status.version} · up ${span(status.uptimeSeconds)} · generation ${status.generation.number}`);
    byId('state').hidden = false;
    say(byId('state'), status.state);
    mark(byId('state'), 'state', status.state === 'serving' ? 'up' : 'draining');
    this.#parts.forEach(part => part.update(status));
    const down = status.pools.reduce((total, pool) => total + pool.size - pool.up, 0);
    document.title = down > 0 ? `(${down} not up) Sluice` : 'Sluice';
    this.#tellAge();
  }

  /** Old numbers must not pass for new ones: they are dimmed, and a banner says how old they are. */
  #tellAge() {
    const ageMs = this.#receivedMs === null ? Infinity : performance.now() - this.#receivedMs;
    const stale = ageMs > STALE_MS;
    mark(document.body, 'stale', String(stale && this.#received !== null));
    mark(byId('live'), 'live', stale ? 'no' : 'yes');
    say(byId('live'), stale ? this.#received === null ? 'Connecting' : 'Stale' : 'Live');
    byId('stale').hidden = !stale || this.#received === null;
    say(byId('stale-reason'), this.#trouble);
    say(byId('stale-age'), Number.isFinite(ageMs) ? `Last heard ${span(ageMs / 1000)} ago; trying again.` : '');
  }
}

let dashboard = null;

function signIn(token) {
  byId('login').hidden = true;
  byId('dashboard').hidden = false;
  byId('sections').hidden = false;
  byId('sign-out').hidden = false;
  dashboard = new Dashboard(new Api(token), error => signOut(error.message));
}

/** A new page knows nothing of the old one's numbers. */
function signOut(reason) {
  sessionStorage.removeItem(TOKEN);
  sessionStorage.setItem('sluice-reason', reason);
  location.reload();
}

function askForToken() {
  byId('login').hidden = false;
  say(byId('login-error'), sessionStorage.getItem('sluice-reason') ?? '');
  sessionStorage.removeItem('sluice-reason');
  byId('token').focus();
  byId('login').addEventListener('submit', async event => {
    event.preventDefault();
    const token = byId('token').value.trim();
    try {
      await new Api(token).text('/status');
    } catch (error) {
      say(byId('login-error'), error.status === undefined ? 'Sluice cannot be reached.' : error.message);
      byId('token').select();
      return;
    }
    sessionStorage.setItem(TOKEN, token);
    byId('token').value = '';
    signIn(token);
  });
}

let toastEnd = null;

function toast(text) {
  say(byId('toast'), text);
  clearTimeout(toastEnd);
  toastEnd = setTimeout(() => say(byId('toast'), ''), TOAST_MS);
}

function showTheme() {
  const { theme } = document.documentElement.dataset;
  say(byId('theme'), { auto: 'Auto', light: 'Light', dark: 'Dark' }[theme]);
  byId('theme').setAttribute('aria-label', `Theme: ${theme}`);
  dashboard?.recolour();
}

byId('theme').addEventListener('click', () => {
  const { dataset } = document.documentElement;
  dataset.theme = THEMES[(THEMES.indexOf(dataset.theme) + 1) % THEMES.length];
  localStorage.setItem(THEME, dataset.theme);
  showTheme();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', showTheme);
byId('sign-out').addEventListener('click', () => signOut(''));
showTheme();

const known = sessionStorage.getItem(TOKEN);
if (known === null) {
  askForToken();
} else {
  signIn(known);
}
