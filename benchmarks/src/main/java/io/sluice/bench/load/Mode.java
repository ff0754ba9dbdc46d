package io.sluice.bench.load;

import java.util.Locale;

/** What the connections do. */
public enum Mode {
    /** Requests and responses of HTTP/1.1. */
    HTTP,
    /** So many bytes there, as many back, over TCP; the server echoes. */
    PING_PONG,
    /** Bytes to the server as fast as it takes them; it discards them. */
    UPLOAD,
    /** Bytes from the server as fast as they come. */
    DOWNLOAD,
    /** Both directions at once; the server echoes. */
    DUPLEX;

    /** Its name in reports. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether bytes flow without end, instead of requests and answers. */
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
