package io.sluice.bench.load;

import java.util.Locale;

/** What the connections do. */
public enum Mode {
    /** Requests and responses of HTTP/1.1. */
    HTTP,
    /** Messages of one size over TCP, each echoed by the server before the next one. */
    PING_PONG,
    /** Bytes to the server as fast as it reads them; the server discards them. */
    UPLOAD,
    /** Bytes from the server as fast as they come. */
    DOWNLOAD,
    /** Both directions at once; the server echoes. */
    DUPLEX;

    /** Its name in reports. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether bytes flow without end, in place of requests and answers. */
    public boolean isBulk() {
        return sends() || receives();
    }

    boolean sends() {
        return this == UPLOAD || this == DUPLEX;
    }

    boolean receives() {
        return this == DOWNLOAD || this == DUPLEX;
    }
}
