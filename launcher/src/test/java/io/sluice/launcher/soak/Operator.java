package io.sluice.launcher.soak;

import io.sluice.launcher.NamedServer;
import io.sluice.launcher.admin.AdminClient;
import io.sluice.launcher.admin.AdminClient.RefusedException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** What operators do, and what happens to servers; upgrades go on meanwhile. For one thread. */
final class Operator implements AutoCloseable {

    private final Mood mood;
    private final Random random;
    private final Map<Kind, List<SoakServer>> pools;
    private final SoakConfig config;
    private final Succession processes;
    private final Ledger ledger;
    private final AdminClient admin;
    private CompletableFuture<Void> upgrade = CompletableFuture.completedFuture(null);

    Operator(Mood mood, Random random, Map<Kind, List<SoakServer>> pools, SoakConfig config, Succession processes,
            Ledger ledger) throws Exception {
        this.mood = mood;
        this.random = random;
        this.pools = pools;
        this.config = config;
        this.processes = processes;
        this.ledger = ledger;
        admin = AdminClient.of(config.file());
    }

    /** Does something. Whoever asks while the admin address moves may get no answer. */
    void act() throws Exception {
        boolean mayMove = !upgrade.isDone();
        try {
            actOnce();
        } catch (IOException | RefusedException e) {
            if (!mayMove) {
                throw e;
            }
            ledger.count("no answer for an operator");
        }
    }

    private void actOnce() throws Exception {
        Kind pool = Kind.any(random);
        // When all is calm, every pool keeps its last server.
        int server = random.nextInt(mood == Mood.WILD ? SoakRun.SERVERS_PER_POOL : SoakRun.SERVERS_PER_POOL - 1);
        String path = "/pools/" + pool + "/servers/s" + server;
        switch (random.nextInt(mood == Mood.WILD ? 6 : 4)) {
            case 0, 1 -> {
                config.write();
                admin.send("POST", "/reload", Map.of());
            }
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

    /** Has another process take over, unless one is about to. Does not wait for it. */
    void upgrade() throws IOException {
        if (upgrade.isDone()) {
            config.writeForAnotherProcess();
            upgrade = CompletableFuture.runAsync(() -> {
                try {
                    processes.upgrade();
                    ledger.count("upgrade");
                } catch (IOException | InterruptedException | AssertionError e) {
                    ledger.violation("no upgrade: " + e);
                }
            }, Thread::startVirtualThread);
        }
    }

    /** Waits for an upgrade that goes on. */
    @Override
    public void close() {
        upgrade.join();
        admin.close();
    }
}
