package io.sluice.l4.tcp;

import io.sluice.core.stats.Counter;
import java.util.Locale;

/** Why Sluice refused a connection because of what was sent, or missing, at its start. */
public enum Refusal {

    NO_ROUTE(Counter.NO_ROUTE, "no route takes the client"),
    EARLY_BYTES(Counter.OPENINGS_REFUSED, "the client sent more before its request for encryption was answered"),
    NO_HELLO(Counter.OPENINGS_REFUSED, "the client asked for TLS and then sent something else"),
    TLS_TWICE(Counter.OPENINGS_REFUSED, "the client asked for TLS once more, within TLS"),
    NOT_TLS(Counter.OPENINGS_REFUSED, "the client has to speak TLS and does not"),
    SERVER_WITHOUT_TLS(Counter.OPENINGS_REFUSED, "the client's name was needed for its route, so Sluice agreed to TLS, "
            + "and then the server did not"),
    UNKNOWN_CANCEL_KEY(Counter.CANCELS_UNKNOWN, "no session is known that has the key of the client's CancelRequest");

    private final Counter counter;
    private final String meaning;
    private final String reason = name().toLowerCase(Locale.ROOT).replace('_', '-');

    Refusal(Counter counter, String meaning) {
        this.counter = counter;
        this.meaning = meaning;
    }

    /** The name in logs, in kebab-case. */
    public String reason() {
        return reason;
    }

    /** The counter of such refusals. */
    public Counter counter() {
        return counter;
    }

    /** The reason as one clause, for people. */
    public String meaning() {
        return meaning;
    }
}
