package io.sluice.core.stats;

/** What is counted of a listener, a route or a server. */
public enum TrafficCount {
    /** Clients that were accepted, or connections that were opened to the server. */
    CONNECTIONS,
    /** Bytes that came from the client, or from the server. */
    RECEIVED_BYTES,
    SENT_BYTES,
    /** Connections that are open and wait for a request: a gauge, not a counter. */
    IDLE,
    /** Failed attempts that were followed by another one. */
    RETRIES,
    /** Clients that came here through the queue. */
    QUEUED,
    /** Connections of a listener, or requests of a route, that came more often than its rate limit allows. */
    RATE_LIMITED,
    /** Exchanges without a response, then those with one, by the class of its status. */
    NO_RESPONSE, STATUS_1XX, STATUS_2XX, STATUS_3XX, STATUS_4XX, STATUS_5XX;

    private static final TrafficCount[] BY_CLASS =
            {NO_RESPONSE, STATUS_1XX, STATUS_2XX, STATUS_3XX, STATUS_4XX, STATUS_5XX};

    /** The counter of a response. @param status three digits; 0 if there was none */
    public static TrafficCount ofStatus(int status) {
        int statusClass = status / 100;
        return statusClass < BY_CLASS.length ? BY_CLASS[statusClass] : NO_RESPONSE;
    }
}
