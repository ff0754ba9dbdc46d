package io.sluice.config;

import java.util.List;

/**
 * One rule of a TCP listener: which connections it takes, and where they go. Immutable.
 *
 * @param passTls whether clients' TLS is passed through, although the listener could terminate it
 */
public record TcpRouteConfig(Match match, TargetConfig target, boolean passTls) {

    /** A route for which the listener terminates TLS, if it has TLS. */
    public TcpRouteConfig(Match match, TargetConfig target) {
        this(match, target, false);
    }

    /**
     * The conditions on a connection's TLS ClientHello, all of which must hold. Without conditions, every connection
     * matches, also one without TLS.
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

    /** The route's name for people: its conditions. */
    public String label() {
        String names = match.sni().isEmpty() ? "" : "sni=" + String.join(",", match.sni());
        String protocols = match.alpn().isEmpty() ? "" : "alpn=" + String.join(",", match.alpn());
        return isConditional() ? (names + " " + protocols).strip() : "any";
    }

    /** Whether a connection has to be inspected to find out whether it matches. */
    public boolean isConditional() {
        return !match.equals(Match.ANY);
    }
}
