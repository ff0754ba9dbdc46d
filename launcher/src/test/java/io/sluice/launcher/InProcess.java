package io.sluice.launcher;

import io.sluice.config.parse.ConfigException;
import io.sluice.config.parse.ConfigParser;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.ServerState;
import io.sluice.launcher.control.LaunchException;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** Sluice in the test's own process. */
final class InProcess {

    private InProcess() { }

    static Sluice launch(String yaml) throws ConfigException, LaunchException, InterruptedException {
        return launch(yaml, Path.of(""));
    }

    /** @param directory where relative paths start */
    static Sluice launch(String yaml, Path directory)
            throws ConfigException, LaunchException, InterruptedException {
        return Sluice.launch(ConfigParser.load(yaml, "test.yaml", directory), "test");
    }

    /** Where to connect to: the listener that most tests have, by the name of {@code in}. */
    static InetSocketAddress address(Sluice sluice) {
        return sluice.addresses("in").getFirst();
    }

    /** A server of the pool that most tests have, by the name of {@code pool}. */
    static Server server(Sluice sluice, String name) {
        return sluice.pools().get("pool").servers().stream().filter(one -> one.name().equals(name)).findFirst()
                .orElseThrow();
    }

    /** Clients that wait for a server of that pool. */
    static int queueLength(Sluice sluice) {
        return sluice.pools().get("pool").queueLength();
    }

    static ServerState state(Sluice sluice, String server) {
        return server(sluice, server).state();
    }
}
