package io.sluice.launcher.soak;

import static io.sluice.launcher.ShippedTls.CERTIFICATES;

import io.sluice.launcher.LoopbackPorts;
import io.sluice.launcher.soak.Talk.Route;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The configurations of one run, one after the other: a listener and a pool of each kind are always there, at the same
 * address, and all else is by chance. For one thread.
 */
final class SoakConfig {

    /** How many requests of a key a limit lets pass. */
    static final int BURST = 2;
    static final String STATE_FILE = "state.json";

    private final Path file;
    private final Mood mood;
    private final Random random;
    private final Map<Kind, List<SoakServer>> pools;
    private final int adminPort = LoopbackPorts.free();
    private final Map<Kind, Integer> ports = new EnumMap<>(Kind.class);
    /** What a reload does not change. */
    private String process;
    private int generation;

    /** @param file that it writes, always as a whole */
    SoakConfig(Path file, Mood mood, Random random, Map<Kind, List<SoakServer>> pools) throws IOException {
        this.file = file;
        this.mood = mood;
        this.random = random;
        this.pools = pools;
        for (Kind kind : Kind.values()) {
            ports.put(kind, LoopbackPorts.free());
        }
        writeForAnotherProcess();
    }

    private String process() {
        int workers = 1 + random.nextInt(2);
        int bufferKib = 4 << random.nextInt(4);
        return """
                admin: { bind: 127.0.0.1:%d }
                workers: %d
                busy-poll: %s
                zero-copy: %s
                buffers: { size: %dKiB, memory: %dKiB }
                drain-timeout: 10m
                upgrade-socket: upgrade.sock
                overload: { direct-memory: 100%% }
                %s
                """.formatted(adminPort, workers, oneOf("off", "auto", "100us"), oneOf("auto", "off"), bufferKib,
                workers * bufferKib * Integer.parseInt(oneOf("4", "5", "8", "16", "64")),
                oneOf("", "state-file: " + STATE_FILE));
    }

    /** Where all of them have the metrics. */
    URI metrics() {
        return URI.create("http://127.0.0.1:" + adminPort + "/metrics");
    }

    InetSocketAddress address(Kind listener) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), ports.get(listener));
    }

    Path file() {
        return file;
    }

    /** Writes the next one, with which another process may start. */
    void writeForAnotherProcess() throws IOException {
        process = process();
        write();
    }

    /** Writes the next one. */
    void write() throws IOException {
        generation++;
        Path written = Files.writeString(file.resolveSibling("next.yaml"),
                process + "listeners:\n" + ofEachKind(this::listener) + "pools:\n" + ofEachKind(this::pool));
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String ofEachKind(Function<Kind, String> entry) {
        return Stream.of(Kind.values()).map(entry).collect(Collectors.joining());
    }

    private String listener(Kind kind) {
        boolean isHttp = kind.isHttp();
        List<String> keys = new ArrayList<>(List.of("name: " + kind, "bind: 127.0.0.1:" + ports.get(kind),
                "protocol: " + (isHttp ? "http" : "tcp"), isHttp ? routes(kind) : "pool: " + kind.anyPool(random)));
        keys.add("timeouts: { client: " + time() + (isHttp ? ", keep-alive: " + time() : "") + " }");
        if (kind.hasTls()) {
            String shop = certificate(oneOf("shop", "shop-ec"));
            String api = certificate("api");
            keys.add("tls: { certificates: [" + oneOf(shop + ", " + api, api + ", " + shop) + "] }");
        } else if (kind.hasProxyHeader()) {
            keys.add("proxy-protocol: { accept: required, trusted: 127.0.0.0/8, timeout: " + time() + " }");
        }
        if (isHttp) {
            keys.add("access-log: { file: access.log, format: json }");
            perhaps(keys, wildly(), () -> "limits: { requests-per-connection: " + (1 + random.nextInt(10)) + " }");
        } else {
            keys.add("session-log: { file: sessions.log, format: json }");
        }
        perhaps(keys, true, () -> "max-connections: " + (2 + random.nextInt(10)));
        perhaps(keys, wildly(), () -> "max-connections-per-client: " + (1 + random.nextInt(3)));
        return entry("- ", keys);
    }

    private static String certificate(String name) {
        String pair = CERTIFICATES.resolve(name).toString();
        return "{ chain: " + pair + ".pem, key: " + pair + ".key }";
    }

    /** Each tells the client of which configuration it is. */
    private String routes(Kind kind) {
        Kind side = kind.anyPool(random);
        Kind other = Stream.of(Kind.values()).filter(one -> one.isHttp() && one != side).findAny().orElseThrow();
        int percent = 1 + random.nextInt(99);
        return "routes: [" + Stream.of(
                route(Route.DIRECT, "pool: " + kind.anyPool(random)),
                route(Route.LIMITED, "pool: " + kind.anyPool(random)
                        + ", rate-limit: { requests: 1/h, burst: " + BURST + ", by: { header: X-Key } }"),
                route(Route.SPLIT, "split: [{ pool: " + side + ", weight: " + percent + " }, { pool: " + other
                        + ", weight: " + (100 - percent) + " }], split-by: { header: X-Key }"))
                .collect(Collectors.joining(", ")) + "]";
    }

    private String route(Route route, String action) {
        return "{ name: " + route + ", match: { path: /" + route + "/** }, response-headers: { set: { X-Generation: "
                + generation + " } }, " + action + " }";
    }

    private String pool(Kind kind) {
        boolean isHttp = kind.isHttp();
        List<String> keys = new ArrayList<>(List.of("servers: [" + pools.get(kind).stream()
                .map(one -> one.server().entry(serverKeys())).collect(Collectors.joining(", ")) + "]"));
        keys.add("balance: " + oneOf("round-robin", "least-connections", "ip-hash", "random-of-two", "first"));
        keys.add("timeouts: { connect: " + time() + ", server: " + time() + ", queue: " + time()
                + (isHttp ? ", response: " + time() : "") + " }");
        keys.add("passive: " + (wildly() && random.nextBoolean() ? "{ eject-for: " + time() + " }" : "off"));
        perhaps(keys, true, () -> "health-check: { type: " + (isHttp ? "http, path: " + SoakServer.CHECKED_PATH : "tcp")
                + ", interval: " + (200 + random.nextInt(800)) + "ms, fall: "
                + (wildly() ? 1 + random.nextInt(2) : 1000) + " }");
        keys.add("initial-state: " + (wildly() ? "checked" : "up"));
        perhaps(keys, wildly(), () -> "max-queue: " + random.nextInt(5));
        perhaps(keys, wildly(), () -> "on-down: close-connections");
        perhaps(keys, wildly(), () -> "hold: " + time());
        if (kind.hasTls()) {
            keys.add("tls: { ca: " + CERTIFICATES.resolve("test-ca.pem") + ", server-name: api.internal }");
        } else if (kind.hasProxyHeader()) {
            keys.add("send-proxy-protocol: " + oneOf("v1", "v2"));
        }
        if (isHttp) {
            keys.add("connections: { idle-per-server: " + random.nextInt(4) + ", idle-timeout: "
                    + (300 + random.nextInt(5000)) + "ms }");
            perhaps(keys, true, () -> "sticky: { cookie: SOAK }");
            perhaps(keys, true, () -> "retry: { on: [" + (wildly() ? "connect-failure, idle-closed, 502, 503, 504"
                    : "connect-failure, idle-closed") + "], attempts: " + random.nextInt(4) + " }");
        }
        return entry(kind + ": ", keys);
    }

    private String serverKeys() {
        return "weight: " + (1 + random.nextInt(4))
                + (random.nextInt(3) == 0 ? ", max-connections: " + (2 + random.nextInt(6)) : "");
    }

    private static String entry(String start, List<String> keys) {
        return "  " + start + "{ " + String.join(", ", keys) + " }\n";
    }

    private void perhaps(List<String> keys, boolean may, Supplier<String> key) {
        if (may && random.nextInt(3) == 0) {
            keys.add(key.get());
        }
    }

    private boolean wildly() {
        return mood == Mood.WILD;
    }

    /** So long that it never passes, unless it is to pass. */
    private String time() {
        return wildly() ? 300 + random.nextInt(3000) + "ms" : "10m";
    }

    private String oneOf(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
