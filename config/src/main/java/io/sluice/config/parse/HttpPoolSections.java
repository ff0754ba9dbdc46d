package io.sluice.config.parse;

import static io.sluice.config.parse.Numbers.bool;
import static io.sluice.config.parse.Numbers.integer;
import static io.sluice.config.parse.Quantities.duration;
import static java.util.Map.entry;

import io.sluice.config.HttpPoolConfig;
import io.sluice.config.HttpPoolConfig.Connections;
import io.sluice.config.HttpPoolConfig.Retry;
import io.sluice.config.HttpPoolConfig.Retry.On;
import io.sluice.config.HttpPoolConfig.Sticky;
import io.sluice.config.HttpPoolConfig.Sticky.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** The keys of a pool that only HTTP listeners use. */
final class HttpPoolSections {

    private static final int MOST_PAGE_BYTES = 64 * 1024;
    /** What Sluice may answer once a pool is chosen: for a bad, late or too large body, and for what servers do. */
    private static final Set<Integer> OF_POOLS = Set.of(400, 408, 413, 431, 502, 503, 504);
    /** The attribute's values as they are sent. */
    private static final Scalar<String> SAME_SITE = Words.oneOf(Words.inOrder(
            entry("lax", "Lax"), entry("strict", "Strict"), entry("none", "None"), entry("off", "")));
    private static final Scalar<On> REASON = Words.oneOf(Words.inOrder(
            entry("connect-failure", On.CONNECT_FAILURE), entry("idle-closed", On.IDLE_CLOSED),
            entry("502", On.STATUS_502), entry("503", On.STATUS_503), entry("504", On.STATUS_504)));

    static final Section<Sticky> STICKY = sticky();
    static final Section<Connections> CONNECTIONS = connections();
    static final Section<Retry> RETRY = retry();
    static final ValueType<Map<Integer, Path>> ERROR_PAGES =
            new Entries<>(integer(400, 599), Words.readableFile().then(HttpPoolSections::checkSize))
                    .then(HttpPoolSections::warnOfIdlePages);

    private HttpPoolSections() { }

    private static Section<Sticky> sticky() {
        var keys = Section.<Sticky>named("sticky", "Keeps a client on its server by a cookie that Sluice sets.");
        var cookie = keys.required("cookie", Words.name("cookie"), Sticky::cookie, "Name of the cookie.");
        var secure = keys.optional("secure", bool(), false, Sticky::secure,
                "Whether browsers return it only over TLS.");
        var httpOnly = keys.optional("http-only", bool(), true, Sticky::httpOnly, "Whether it is hidden from scripts.");
        var sameSite = keys.optional("same-site", SAME_SITE, "Lax", Sticky::sameSite,
                "Whether requests from other sites carry it. With `off`, the attribute is not sent.");
        var maxAge = keys.maybe("max-age", duration(), Sticky::maxAge,
                "How long browsers keep it. Default: until they are closed.");
        var secret = keys.maybe("secret", HttpTypes.secret(),
                sticky -> sticky.secret().filter(key -> key.file().isEmpty()).map(Secret::key),
                "Key of the hash in the cookie, the same on every host that serves the same clients. Without it or "
                        + "`secret-file`, the cookie is opaque, but others could forge it.");
        var secretFile = keys.maybe("secret-file",
                new Mapped<>(Words.path(), HttpPoolSections::secretIn, key -> key.file().orElseThrow()),
                sticky -> sticky.secret().filter(key -> key.file().isPresent()),
                "File whose first line is the `secret`; read at the start and with each reload.");
        keys.check(List.of(sameSite, secure), values -> !values.get(sameSite).equals("None") || values.get(secure),
                "browsers refuse none without secure: true");
        keys.check(List.of(secretFile, secret),
                values -> values.get(secretFile).isEmpty() || values.get(secret).isEmpty(),
                "give secret or secret-file, not both");
        return keys.build(values -> new Sticky(values.get(cookie), values.get(secure), values.get(httpOnly),
                values.get(sameSite), values.get(maxAge), values.get(secretFile)
                        .or(() -> values.get(secret).map(key -> new Secret(key, Optional.empty())))));
    }

    private static Secret secretIn(Path file, Node at, Reading reading) {
        return new Secret(SecretFile.read(file, at, reading), Optional.of(file));
    }

    private static Section<Connections> connections() {
        var keys = Section.<Connections>named("connections", "Connections to servers, kept for further requests.");
        Connections usual = HttpPoolConfig.DEFAULT.connections();
        var idle = keys.optional("idle-per-server", integer(0, 100_000), usual.idlePerServer(),
                Connections::idlePerServer,
                "How many each worker keeps for each server; the last used is reused first. 0: each request gets a new "
                        + "one.");
        var idleTimeout = keys.optional("idle-timeout", duration(), usual.idleTimeout(), Connections::idleTimeout,
                "How long an unused one is kept. Should be shorter than the servers' own timeout.");
        var maxRequests = keys.bound("max-requests", Connections::maxRequests,
                "A connection is closed after this many requests.");
        return keys.build(values ->
                new Connections(values.get(idle), values.get(idleTimeout), values.get(maxRequests)));
    }

    private static Section<Retry> retry() {
        var keys = Section.<Retry>named("retry", "When a request is sent again, to another server.");
        Retry usual = HttpPoolConfig.DEFAULT.retry();
        var on = keys.<Set<On>>optional("on",
                ListType.of(REASON).map(Set::copyOf, HttpPoolSections::sorted),
                usual.on(), Retry::on, "What leads to a retry: no connection, a kept connection that the server has "
                        + "just closed, or a status. Never once the client has part of a response.");
        var attempts = keys.optional("attempts", integer(0, 100), usual.attempts(), Retry::attempts,
                "Maximum number of further attempts.");
        var onlyIdempotent = keys.optional("only-idempotent", bool(), usual.onlyIdempotent(), Retry::onlyIdempotent,
                "Whether a request that a server may have seen is repeated only if its method is idempotent. A request "
                        + "with a body never is.");
        var budget = keys.optional("budget", Numbers.percent(), usual.budgetPercent(), Retry::budgetPercent,
                "Maximum number of retries, as a share of each worker's recent requests.");
        return keys.build(values -> new Retry(values.get(on), values.get(attempts), values.get(onlyIdempotent),
                values.get(budget)));
    }

    private static List<On> sorted(Set<On> reasons) {
        return reasons.stream().sorted().toList();
    }

    /** A page that could not be sent when it is needed is better missed now. */
    private static Path checkSize(Path file, Node at, Reading reading) {
        try {
            if (Files.isReadable(file) && Files.size(file) > MOST_PAGE_BYTES) {
                reading.error(at, "an error page has at most 64 KiB, unlike " + file);
            }
        } catch (IOException e) {
            reading.error(at, "cannot be read: " + e.getMessage());
        }
        return file;
    }

    private static Map<Integer, Path> warnOfIdlePages(Map<Integer, Path> pages, Node at, Reading reading) {
        for (NodeTuple page : ((MappingNode) at).getValue()) {
            String status = ((ScalarNode) page.getKeyNode()).getValue();
            if (!OF_POOLS.contains(Integer.parseInt(status))) {
                reading.warning(page.getKeyNode(), reading.path("." + status), "is never sent: Sluice answers "
                        + status + " only before a pool is chosen, if at all, and passes on what servers answer");
            }
        }
        return pages;
    }
}
