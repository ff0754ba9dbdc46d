package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.parse.ConfigException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that change under clients who notice nothing; {@code -Dsluice.swaps=1000} takes longer. */
class CertificateSwapTest {

    private static final int SWAPS = Integer.getInteger("sluice.swaps", 60);
    private static final int CLIENTS_OF_A_KIND = 3;
    private static final List<String> NAMES = List.of("db", "shop", "shop-ec");
    private static final List<String> SUBJECTS =
            List.of("CN=db.example.com", "CN=shop.example.com", "CN=shop.example.com");

    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<Void>> running = new ArrayList<>();
    private final AtomicLong answers = new AtomicLong();
    private volatile boolean stopped;

    @TempDir
    private Path directory;

    @Test
    void noRequestFailsWhateverBecomesOfTheFiles() throws Exception {
        put(NAMES.getFirst(), ".pem", ".key");
        try (HttpOrigin origin = HttpOrigin.start("web")) {
            String yaml = """
                    workers: 2
                    listeners:
                      - { name: in, bind: 127.0.0.1:0, protocol: http, access-log: off, pool: pool,
                          tls: { certificates: [{ chain: own.pem, key: own.key }] } }
                    pools: { pool: { servers: %s } }
                    """.formatted(HttpOrigin.entries(origin));
            try (ReloadFixture fixture = ReloadFixture.launch(yaml, directory)) {
                begin(fixture.address("in"));
                for (int swap = 1; swap <= SWAPS; swap++) {
                    swap(fixture, yaml, swap);
                }
                stopped = true;
                for (Future<Void> client : running) {
                    client.get();
                }
                assertTrue(answers.get() > SWAPS);
            }
        } finally {
            stopped = true;
            clients.close();
        }
    }

    /** First half of the new pair, which nobody is to see, then all of it. */
    private void swap(ReloadFixture fixture, String yaml, int swap) throws Exception {
        put(NAMES.get(swap % NAMES.size()), ".pem");
        assertThrows(ConfigException.class, () -> fixture.reload(yaml));
        assertEquals(SUBJECTS.get((swap - 1) % NAMES.size()), subject(fixture.address("in")));
        put(NAMES.get(swap % NAMES.size()), ".key");
        fixture.reload(yaml);
        assertEquals(SUBJECTS.get(swap % NAMES.size()), subject(fixture.address("in")));
    }

    private void begin(InetSocketAddress address) {
        for (int i = 0; i < CLIENTS_OF_A_KIND; i++) {
            running.add(clients.submit(() -> {
                try (HttpPeer kept = HttpPeer.on(connect(address))) {
                    while (!stopped) {
                        ask(kept);
                    }
                }
                return null;
            }));
            running.add(clients.submit(() -> {
                while (!stopped) {
                    try (HttpPeer fresh = HttpPeer.on(connect(address))) {
                        ask(fresh);
                    }
                }
                return null;
            }));
        }
    }

    private void ask(HttpPeer client) throws IOException {
        assertEquals("web /", client.get("/").body());
        answers.incrementAndGet();
    }

    private static SSLSocket connect(InetSocketAddress address) throws Exception {
        return ShippedTls.anonymous().connect(address, "shop.example.com");
    }

    private static String subject(InetSocketAddress address) throws Exception {
        try (SSLSocket socket = connect(address)) {
            socket.startHandshake();
            return socket.getSession().getPeerPrincipal().getName();
        }
    }

    private void put(String name, String... endings) throws IOException {
        for (String ending : endings) {
            Path next = Files.copy(ShippedTls.CERTIFICATES.resolve(name + ending), directory.resolve("next"));
            Files.move(next, directory.resolve("own" + ending), StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
