package io.sluice.launcher;

import io.sluice.config.HealthCheckConfig;
import io.sluice.config.PoolConfig;
import io.sluice.config.ServerConfig;
import io.sluice.config.parse.ConfigException;
import io.sluice.config.parse.ConfigParser;
import io.sluice.core.health.Finding;
import io.sluice.core.health.Probe;
import io.sluice.launcher.control.ProbeFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/** The probe of a server, made from a configuration and asked by hand. Owned by one thread. */
final class Probes implements AutoCloseable {

    /** Far more than a check takes; only tests of timeouts have another. */
    static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Probe probe;
    private final InetSocketAddress address;

    private Probes(Probe probe, InetSocketAddress address) {
        this.probe = probe;
        this.address = address;
    }

    /**
     * @param host  of the server, as the operator writes it; it is 127.0.0.1 in truth
     * @param check the keys of the health check, such as {@code type: redis}
     */
    static Probes of(String host, int port, String check, Path directory) throws ConfigException {
        PoolConfig pool = ConfigParser.parse("""
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool }]
                pools:
                  pool:
                    servers: [{ name: server, address: "%s:%d" }]
                    health-check: { %s }
                """.formatted(host, port, check), "test.yaml", directory).pool("pool");
        HealthCheckConfig config = pool.healthCheck().orElseThrow();
        ServerConfig server = pool.servers().getFirst();
        Probe probe = ProbeFactory.make(pool, server, config, () -> true);
        return new Probes(probe, new InetSocketAddress("127.0.0.1", port));
    }

    Finding check() throws IOException {
        return check(TIMEOUT);
    }

    Finding check(Duration timeout) throws IOException {
        return probe.check(address, timeout);
    }

    /** Why the check fails; fails itself if it does not. */
    String failure() {
        try {
            throw new AssertionError("the check succeeded: " + check());
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    void pause(Duration length) throws InterruptedException {
        probe.pause(length);
    }

    @Override
    public void close() {
        probe.close();
    }
}
