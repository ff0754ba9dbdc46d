package io.sluice.config;

import java.time.Duration;
import java.util.List;

/**
 * Whether connections to a listener must begin with a PROXY protocol header (version 1 or 2). Immutable.
 *
 * @param accept  off, or required of every connection
 * @param trusted the networks that may send a header; with {@link Accept#REQUIRED}, all others are refused
 * @param timeout until the whole header has arrived
 */
public record ProxyProtocolConfig(Accept accept, List<Cidr> trusted, Duration timeout) {

    public ProxyProtocolConfig {
        trusted = List.copyOf(trusted);
        Checks.positive("timeout", timeout);
        Checks.that(accept == Accept.OFF || !trusted.isEmpty(),
                "proxy-protocol: accept: required needs trusted: the networks that may send the header");
    }

    /** Whether a header is expected. */
    public enum Accept { OFF, REQUIRED }
}
