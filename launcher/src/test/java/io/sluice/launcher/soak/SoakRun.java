package io.sluice.launcher.soak;

import io.sluice.launcher.ShippedTls;
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
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sluice from its start to its end, under everything that a seed decides. Used once, by one thread. */
final class SoakRun {

    static final int SERVERS_PER_POOL = 2;

    private static final int CLIENTS = 16;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern BUG = Pattern.compile("(?m)^.*( ERROR |Exception|AssertionError|^\\s+at ).*$");
    private static final String ACCESS_LOG = "access.log";
    private static final String SESSION_LOG = "sessions.log";
    private static final JsonMapper JSON = new JsonMapper();

    private final long seed;
    private final Mood mood;
    private final boolean isUpgraded;
    private final Random random;
    private final Path file;
    private final Ledger ledger = new Ledger();
    private final Map<Kind, List<SoakServer>> pools = new EnumMap<>(Kind.class);
    private volatile boolean stopped;

    /** @param directory of this run alone, where its configuration and its logs are kept */
    SoakRun(long seed, Path directory) {
        this.seed = seed;
        mood = seed % 2 == 0 ? Mood.WILD : Mood.CALM;
        isUpgraded = (seed - 1) / 2 % 2 == 1;
        random = new Random(Content.key("run " + seed));
        file = directory.resolve("sluice.yaml");
    }

    /** @param visits of each client @return whether nothing was wrong */
    boolean perform(int visits) throws Exception {
        Path directory = Files.createDirectories(file.getParent());
        for (String kept : List.of(ACCESS_LOG, SESSION_LOG, SoakConfig.STATE_FILE)) {
            Files.deleteIfExists(directory.resolve(kept));
        }
        startServers();
        SoakConfig config = new SoakConfig(file, mood, random, pools);
        try (Succession processes = new Succession(file)) {
            run(processes, config, visits);
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

    private void run(Succession processes, SoakConfig config, int visits) throws Exception {
        Map<SoakClient, Thread> clients = startClients(config, processes, visits);
        try (Operator operator = new Operator(mood, random, pools, config, processes, ledger)) {
            while (goesOn(clients) && processes.isAlive()) {
                Thread.sleep(random.nextInt(500));
                operator.act();
                if (isUpgraded && random.nextInt(8) == 0) {
                    operator.upgrade();
                }
            }
        }
        if (processes.isAlive()) {
            checkThatNothingIsInUse(config.metrics());
            if (processes.count() == 1) {
                checkCounts(config.metrics());
            }
        }
        checkEnd(processes);
        new AccessLogCheck(ledger).check(lines(ACCESS_LOG));
        new SessionLogCheck(ledger).check(lines(SESSION_LOG));
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

    /** When all is calm, every third one is not. With upgrades, only visits behind the first one count. */
    private Map<SoakClient, Thread> startClients(SoakConfig config, Succession processes, int visits)
            throws Exception {
        ShippedTls tls = ShippedTls.anonymous();
        Map<SoakClient, Thread> clients = new HashMap<>();
        for (int i = 0; i < CLIENTS; i++) {
            Mood own = mood == Mood.CALM && i % 3 == 0 ? Mood.ROUGH : mood;
            SoakClient client = new SoakClient(config::address, ledger, tls, own, seed, i);
            clients.put(client, Thread.startVirtualThread(() -> {
                int left = visits;
                for (int visit = 0; left > 0 && !stopped; visit++) {
                    client.come(visit);
                    if (!isUpgraded || processes.hasTriedUpgrade()) {
                        left--;
                    }
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

    private void checkEnd(Succession processes) throws Exception {
        processes.end(PATIENCE).forEach(ledger::violation);
        BUG.matcher(processes.log()).results().forEach(line -> ledger.violation("the log has: " + line.group()));
        new TotalCheck(ledger).check(processes.count(), processes.log(), lines(ACCESS_LOG), lines(SESSION_LOG));
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
        return "seed " + seed + ", " + mood + (isUpgraded ? " with upgrades, " : ", ") + file.getParent() + ": "
                + ledger;
    }
}
