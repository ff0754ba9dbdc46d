package io.sluice.config;

import java.util.List;

/**
 * One rule of a TCP listener: which connections it takes, and where they go. Immutable.
 *
 * @param passTls whether servers get the clients' TLS as it is, although the listener could end it
 */
public record TcpRouteConfig(Match match, TargetConfig target, boolean passTls) {

    /** Where TLS ends if the listener has it. */
    public TcpRouteConfig(Match match, TargetConfig target) {
        this(match, target, false);
    }

    /**
     * What the TLS ClientHello of a connection has to be like; all that is given must hold. Without anything, every
     * connection is taken, also one that is not TLS.
     *
     * @param sni  server names (RFC 6066) in lower case, of which one has to fit: exact, or {@code *.example.com} for
     *             everything below example.com; empty: any or none
     * @param alpn protocols (RFC 7301) of which the client has to offer one; empty: any or none
     */
    public record Match(List<String> sni, List<String> alpn) {

        /** Takes every connection. */
        public static final Match ANY = new Match(List.of(), List.of());

        public Match {
            sni = List.copyOf(sni);
            alpn = List.copyOf(alpn);
        }
    }

    /** What tells the route from the others of its listener, for people: its conditions. */
    public String label() {
        String names = match.sni().isEmpty() ? "" : "sni=" + String.join(",", match.sni());
        String protocols = match.alpn().isEmpty() ? "" : "alpn=" + String.join(",", match.alpn());
        return isConditional() ? (names + " " + protocols).strip() : "any";
    }

    /** Whether a connection has to be looked at before it can be said that this route takes it. */
    public boolean isConditional() {
        return !match.equals(Match.ANY);
    }
}
