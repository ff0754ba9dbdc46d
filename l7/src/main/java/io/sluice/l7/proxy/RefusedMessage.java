package io.sluice.l7.proxy;

import io.sluice.l7.http.HttpError;
import java.time.Instant;

/**
 * A request or a response that was refused, for an operator to look at. Immutable.
 *
 * @param at      when
 * @param parties whose it is
 * @param reason  what is wrong with it
 * @param fault   and where
 */
public record RefusedMessage(Instant at, Parties parties, HttpError reason, Fault fault) {

    /**
     * Between whom the message was on its way.
     *
     * @param listener by name
     * @param client   address and port, from X-Forwarded-For or a PROXY protocol header if those are accepted
     * @param pool     of the server, by name; null for a request
     * @param server   whose response it is, by name; null for a request
     */
    public record Parties(String listener, String client, String pool, String server) { }

    /** Whether a server has sent it, not a client. */
    public boolean isResponse() {
        return parties.server() != null;
    }
}
