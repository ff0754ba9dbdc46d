package io.sluice.bench.load;

import java.util.Locale;

/** Why a request did not get a good answer. */
public enum Failure {
    /** No connection could be opened. */
    CONNECT,
    /** The answer was not complete in time. */
    TIMEOUT,
    /** The server closed or reset the connection before the answer was complete. */
    CLOSED,
    /** The answer is complete and its status 400 or above. */
    STATUS,
    /** The answer breaks the rules of HTTP, or more bytes came than were requested. */
    BROKEN;

    /** Its name in reports. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
