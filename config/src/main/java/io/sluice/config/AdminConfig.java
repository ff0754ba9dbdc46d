package io.sluice.config;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where Sluice is watched and changed while it runs, and by whom. Immutable.
 *
 * @param bind         where it listens; an address that others can reach needs {@code tls}
 * @param socket       a Unix socket on which it listens, too
 * @param tokenFile    holds the token, and is made with a new one if it is not there; empty: a file beside the state
 *                     file, or else beside the configuration
 * @param token        what callers show; empty: what {@code tokenFile} holds
 * @param tls          the certificate that encrypts what comes in by {@code bind}
 * @param metricsToken whether {@code /metrics} needs the token
 */
public record AdminConfig(
        Endpoint bind, Optional<Path> socket, Optional<Path> tokenFile, Optional<String> token,
        Optional<CertificateConfig.Pair> tls,
        boolean metricsToken) {

    /** Shorter tokens could be guessed. */
    public static final int LEAST_TOKEN_LENGTH = 16;

    /** What is said of an address that others can reach without {@code tls}. */
    public static final String NEEDS_TLS =
            "is reachable from other hosts, and the token would cross the network in plain text: it needs tls";

    public AdminConfig {
        token.ifPresent(text -> Checks.that(text.length() >= LEAST_TOKEN_LENGTH,
                "token must have at least " + LEAST_TOKEN_LENGTH + " characters"));
        Checks.that(tls.isPresent() || isLoopback(bind), "bind " + NEEDS_TLS);
    }

    /** Whether only this host can reach an address. */
    public static boolean isLoopback(Endpoint bind) {
        return InetAddress.ofLiteral(bind.host()).isLoopbackAddress();
    }
}
