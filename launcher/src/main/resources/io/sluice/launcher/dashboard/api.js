// The admin API, as far as the page needs it.

/** What the API has refused, with a sentence for the reader. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Requests with the token of whoever has signed in. */
export class Api {
  #token;

  constructor(token) {
    this.#token = token;
  }

  /** The response of a GET, as soon as its head is there. */
  open(path, signal) {
    return this.#send('GET', path, { signal });
  }

  async text(path) {
    return (await this.open(path)).text();
  }

  /** The tag of what is there now; to be given to a change, so that it does not undo another operator's. */
  async tag(path) {
    return (await this.open(path)).headers.get('ETag');
  }

  patch(path, change, tag) {
    const headers = { 'Content-Type': 'application/json' };
    if (tag) {
      headers['If-Match'] = tag;
    }
    return this.#send('PATCH', path, { headers, body: JSON.stringify(change) });
  }

  async #send(method, path, options) {
    const headers = { ...options.headers, Authorization: `Bearer ${this.#token}` };
    const response = await fetch(`api/v1${path}`, { ...options, method, headers, cache: 'no-store' });
    if (!response.ok) {
      throw new ApiError(response.status, await reason(response));
    }
    return response;
  }
}

/** The path of a server in the API. */
export function serverPath(pool, server) {
  return `/pools/${encodeURIComponent(pool)}/servers/${encodeURIComponent(server)}`;
}

async function reason(response) {
  if (response.status === 401) {
    return 'The token is not accepted.';
  }
  if (response.status === 412) {
    return 'Someone else has changed this in the meantime. Look again and repeat if it is still wanted.';
  }
  const body = await response.text();
  try {
    const told = JSON.parse(body);
    return told.detail ?? told.message ?? told.error ?? body;
  } catch {
    return body || `Sluice has answered with status ${response.status}.`;
  }
}
