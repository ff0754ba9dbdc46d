package io.sluice.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The settings of a pool for HTTP listeners; TCP listeners ignore them. Immutable.
 *
 * @param hashBy        the part of a request that {@code balance: hash} hashes; present exactly with that balance
 * @param sticky        keeps a client on its server by a cookie
 * @param passiveErrors failed requests in a row that eject a server; 0: never
 * @param response      how long a server may take from the end of the request to the head of its response
 * @param errorPages    files that are sent in place of the built-in error answers, by status; absolute paths
 */
public record HttpPoolConfig(
        Optional<RequestKey> hashBy,
        Optional<Sticky> sticky,
        Connections connections,
        Retry retry,
        int passiveErrors,
        Duration response,
        Map<Integer, Path> errorPages) {

    /** The default for pools that configure nothing for HTTP. */
    public static final HttpPoolConfig DEFAULT = new HttpPoolConfig(Optional.empty(), Optional.empty(),
            new Connections(64, Duration.ofSeconds(30), SluiceConfig.UNLIMITED),
            new Retry(Set.of(Retry.On.CONNECT_FAILURE, Retry.On.IDLE_CLOSED), 2, true, 20),
            5, Duration.ofSeconds(60), Map.of());

    public HttpPoolConfig {
        Checks.inRange("errors", passiveErrors, 0, 1_000_000);
        Checks.positive("response", response);
        errorPages = Checks.copyInOrder(errorPages);
    }

    /**
     * A cookie that names the client's server, opaquely: a keyed hash (HMAC) of the server's name.
     *
     * @param maxAge   empty: until the browser ends
     * @param sameSite the attribute's value as sent; empty string: not sent
     * @param secret   the hash's key, the same on every host that serves the same clients; empty: a built-in key, with
     *                 which anyone can forge cookies
     */
    public record Sticky(String cookie, boolean secure, boolean httpOnly, String sameSite, Optional<Duration> maxAge,
                         Optional<Secret> secret) {
        public Sticky {
            Checks.name("cookie", cookie);
        }

        /** A key, and the file whose first line it was when the configuration was read; empty: it is written there. */
        public record Secret(String key, Optional<Path> file) { }
    }

    /**
     * Connections kept for the next requests, per worker and server.
     *
     * @param maxRequests after how many requests to close a connection; or {@link SluiceConfig#UNLIMITED}
     */
    public record Connections(int idlePerServer, Duration idleTimeout, int maxRequests) {
        public Connections {
            Checks.inRange("idle-per-server", idlePerServer, 0, 100_000);
            Checks.positive("idle-timeout", idleTimeout);
            Checks.atLeast("max-requests", maxRequests, 1);
        }
    }

    /**
     * When a request is sent again, to another server.
     *
     * @param attempts       the most attempts after the first one
     * @param onlyIdempotent whether a request that has been sent is repeated only with an idempotent method (RFC 9110,
     *                       section 9.2.2)
     * @param budgetPercent  the most retries, in percent of recent requests
     */
    public record Retry(Set<On> on, int attempts, boolean onlyIdempotent, int budgetPercent) {

        public Retry {
            on = Set.copyOf(on);
            Checks.inRange("attempts", attempts, 0, 100);
            Checks.inRange("budget", budgetPercent, 0, 100);
        }

        /** The failures that cause a retry. */
        public enum On { CONNECT_FAILURE, IDLE_CLOSED, STATUS_502, STATUS_503, STATUS_504 }
    }
}
