package io.sluice.launcher.soak;

import io.sluice.launcher.NamedServer;
import io.sluice.launcher.ShippedTls;
import io.sluice.launcher.SluiceProcess;
import io.sluice.launcher.admin.AdminClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One process of Sluice from its start to its end, under everything that a seed decides. Used once, by one thread. */
final class SoakRun {

    private static final int CLIENTS = 16;
    private static final int SERVERS_PER_POOL = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern BUG = Pattern.compile("(?m)^.*( ERROR |Exception|AssertionError|^\\s+at ).*$");
    private static final Pattern TOTALS = Pattern.compile("connections-accepted=(\\d+).* connections-ended=(\\d+)");
    private static final String ACCESS_LOG = "access.log";
    private static final String SESSION_LOG = "sessions.log";
    private static final JsonMapper JSON = new JsonMapper();

    private final long seed;
    private final Mood mood;
    private final Random random;
    private final Path file;
    private final Ledger ledger = new Ledger();
    private final Map<Kind, List<SoakServer>> pools = new EnumMap<>(Kind.class);
    private volatile boolean stopped;

    /** @param directory of this run alone, where its configuration and its logs are kept */
    SoakRun(long seed, Path directory) {
        this.seed = seed;
        mood = seed % 2 == 0 ? Mood.WILD : Mood.CALM;
        random = new Random(Content.key("run " + seed));
        file = directory.resolve("sluice.yaml");
    }

    /** @param visits of each client @return whether nothing was wrong */
    boolean perform(int visits) throws Exception {
        Path directory = Files.createDirectories(file.getParent());
        Files.deleteIfExists(directory.resolve(ACCESS_LOG));
        Files.deleteIfExists(directory.resolve(SESSION_LOG));
        startServers();
        SoakConfig config = new SoakConfig(mood, random, pools);
        Files.writeString(file, config.next());
        try (SluiceProcess sluice = start()) {
            try {
                run(sluice, config, visits);
            } finally {
                Files.writeString(directory.resolve("sluice.log"), sluice.err());
            }
        } finally {
            stopped = true;
            for (List<SoakServer> servers : pools.values()) {
                for (SoakServer server : servers) {
                    server.close();
                }
            }
        }
        return ledger.isClean();
    }

    private void run(SluiceProcess sluice, SoakConfig config, int visits) throws Exception {
        Map<SoakClient, Thread> clients = startClients(sluice, visits);
        try (AdminClient admin = AdminClient.of(file)) {
            while (goesOn(clients) && sluice.isAlive()) {
                Thread.sleep(random.nextInt(500));
                operate(admin, config);
            }
        }
        if (sluice.isAlive()) {
            checkThatNothingIsInUse(config.metrics());
            checkCounts(config.metrics());
            sluice.signal("TERM");
        }
        checkEnd(sluice.awaitExit(), sluice.err());
        new AccessLogCheck(ledger).check(lines(ACCESS_LOG));
        new SessionLogCheck(ledger).check(lines(SESSION_LOG));
    }

    private SluiceProcess start() throws IOException {
        return SluiceProcess.start(List.of("-ea", "-Xmx256m"), "run", "-f", file.toString()).awaitRunning();
    }

    private void startServers() throws Exception {
        ShippedTls tls = ShippedTls.showing("api");
        for (Kind kind : Kind.values()) {
            List<SoakServer> servers = new ArrayList<>();
            pools.put(kind, servers);
            for (int i = 0; i < SERVERS_PER_POOL; i++) {
                servers.add(new SoakServer("s" + i, kind, ledger, tls));
            }
        }
    }

    /** When all is calm, every third one is not. */
    private Map<SoakClient, Thread> startClients(SluiceProcess sluice, int visits) throws Exception {
        ShippedTls tls = ShippedTls.anonymous();
        Map<SoakClient, Thread> clients = new HashMap<>();
        for (int i = 0; i < CLIENTS; i++) {
            Mood own = mood == Mood.CALM && i % 3 == 0 ? Mood.ROUGH : mood;
            SoakClient client = new SoakClient(kind -> sluice.address(kind.toString()), ledger, tls, own, seed, i);
            clients.put(client, Thread.startVirtualThread(() -> {
                for (int visit = 0; visit < visits && !stopped; visit++) {
                    client.come(visit);
                }
            }));
        }
        return clients;
    }

    /** Whether there are clients who have not done all they want to, and who get on. */
    private boolean goesOn(Map<SoakClient, Thread> clients) throws IOException {
        List<SoakClient> present =
                clients.keySet().stream().filter(client -> clients.get(client).isAlive()).toList();
        List<SoakClient> stuck = present.stream().filter(client -> client.isStuckFor(PATIENCE)).toList();
        for (SoakClient client : stuck) {
            ledger.violation("stuck: " + client.situation() + "\n    " + Stream.concat(accessLog(client),
                    Stream.of(clients.get(client).getStackTrace())).map(Object::toString)
                    .collect(Collectors.joining("\n    ")));
        }
        return !present.isEmpty() && stuck.isEmpty();
    }

    private Stream<String> accessLog(SoakClient client) throws IOException {
        return Files.readAllLines(file.resolveSibling(ACCESS_LOG)).stream().filter(client::isAbout);
    }

    // ---- what operators do, and what happens to servers ----

    private void operate(AdminClient admin, SoakConfig config) throws Exception {
        Kind pool = Kind.any(random);
        // When all is calm, every pool keeps its last server.
        int server = random.nextInt(mood == Mood.WILD ? SERVERS_PER_POOL : SERVERS_PER_POOL - 1);
        String path = "/pools/" + pool + "/servers/s" + server;
        switch (random.nextInt(mood == Mood.WILD ? 6 : 4)) {
            case 0, 1 -> reload(admin, config);
            case 2 -> admin.send("PATCH", path, Map.of("state", random.nextBoolean() ? "drain" : "ready"));
            case 3 -> admin.send("PATCH", path, Map.of("weight", random.nextInt(5)));
            default -> {
                NamedServer killed = pools.get(pool).get(server).server();
                killed.kill();
                Thread.sleep(random.nextInt(500));
                killed.comeBack();
            }
        }
    }

    private void reload(AdminClient admin, SoakConfig config) throws Exception {
        Files.writeString(file, config.next());
        admin.send("POST", "/reload", Map.of());
    }

    // ---- the end ----

    private void checkThatNothingIsInUse(URI metrics) throws Exception {
        if (!happens(() -> Metrics.at(metrics).inUse().findAny().isEmpty())) {
            ledger.violation("still in use: " + Metrics.at(metrics).inUse().toList());
        }
    }

    /** The page of metrics may be a second old, and the logs are written by threads of their own. */
    private void checkCounts(URI metrics) throws Exception {
        if (!happens(() -> differences(metrics).isEmpty())) {
            differences(metrics).forEach(ledger::violation);
        }
    }

    private List<String> differences(URI metrics) throws IOException {
        return new CountCheck(Metrics.at(metrics), lines(ACCESS_LOG), lines(SESSION_LOG)).differences(ledger);
    }

    private List<JsonNode> lines(String log) throws IOException {
        return Files.readAllLines(file.resolveSibling(log)).stream().map(JSON::readTree).toList();
    }

    private void checkEnd(int exitCode, String log) {
        if (exitCode != 0) {
            ledger.violation("the process has ended with " + exitCode);
        }
        BUG.matcher(log).results().forEach(line -> ledger.violation("the log has: " + line.group()));
        Matcher totals = TOTALS.matcher(log);
        if (!totals.find() || !totals.group(1).equals(totals.group(2))) {
            ledger.violation("connections have begun and not ended: " + log.lines().toList().getLast());
        }
    }

    private static boolean happens(Callable<Boolean> what) throws Exception {
        long endNs = System.nanoTime() + PATIENCE.toNanos();
        while (!what.call()) {
            if (System.nanoTime() > endNs) {
                return false;
            }
            Thread.sleep(100);
        }
        return true;
    }

    /** What has come out, for a reader. */
    @Override
    public String toString() {
        return "seed " + seed + ", " + mood + ", " + file.getParent() + ": " + ledger;
    }
}
