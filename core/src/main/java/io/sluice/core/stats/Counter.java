package io.sluice.core.stats;

import java.util.Locale;

/** What workers count. The names are those of logs and metrics. */
public enum Counter {
    CONNECTIONS_ACCEPTED,
    CONNECTIONS_HANDED_OVER,
    CONNECTIONS_ENDED,
    CONNECTIONS_DENIED,
    CONNECTIONS_OVER_CLIENT_LIMIT,
    CONNECTIONS_RATE_LIMITED,
    PROXY_HEADERS_REFUSED,
    ACCEPT_FAILURES,
    TLS_HANDSHAKES,
    TLS_HANDSHAKES_FAILED,
    NO_ROUTE,
    OPENINGS_REFUSED,
    CANCELS_PASSED,
    CANCELS_UNKNOWN,
    LISTENERS_STOPPED,
    IDLE_CLIENTS_CLOSED,
    IDLE_SERVER_CONNECTIONS_CLOSED,
    NO_SERVER_UP,
    QUEUE_FULL,
    QUEUE_TIMEOUTS,
    CLIENTS_HELD,
    ROLE_CHANGE_RESETS,
    CONNECT_RETRIES,
    CONNECT_FAILURES,
    CLIENT_BYTES,
    SERVER_BYTES,
    BYTES_COPIED,
    BYTES_SPLICED,
    SPLICE_SWITCHES,
    HTTP_REQUESTS,
    HTTP_REFUSED,
    HTTP_RATE_LIMITED,
    RATE_LIMITS_FULL,
    HTTP_RETRIES,
    LOG_RECORDS_DROPPED;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The name in kebab-case. */
    public String label() {
        return label;
    }
}
