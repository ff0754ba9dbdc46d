package io.sluice.config;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The admin address, at which operators watch and change a running Sluice. Immutable.
 *
 * @param bind         the address to listen on; one that other hosts can reach needs {@code tls}
 * @param socket       a Unix socket to listen on as well
 * @param tokenFile    holds the token, and is created with a new one if it is missing; empty: a file beside the state
 *                     file, or else beside the configuration
 * @param token        the token that callers must show; empty: the one in {@code tokenFile}
 * @param tls          the certificate for {@code bind}; empty: plain text
 * @param metricsToken whether {@code /metrics} needs the token
 */
public record AdminConfig(
        Endpoint bind, Optional<Path> socket, Optional<Path> tokenFile, Optional<String> token,
        Optional<CertificateConfig.Pair> tls,
        boolean metricsToken) {

    /** Shorter tokens could be guessed. */
    public static final int LEAST_TOKEN_LENGTH = 16;

    /** The error message for an address that other hosts can reach without {@code tls}. */
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
