package io.sluice.launcher.control;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.config.DemoServerConfig;
import io.sluice.config.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** Small HTTP servers in Sluice's own process that answer with their names. Owned by the control plane. */
final class DemoServers implements AutoCloseable {

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<Endpoint, Demo> servers = new HashMap<>();
    private List<DemoServerConfig> inForce = List.of();

    /** Starts a server at this address, unless one runs there. @throws IOException if the address cannot be bound */
    void open(DemoServerConfig config) throws IOException {
        if (!servers.containsKey(config.bind())) {
            servers.put(config.bind(), new Demo(config));
        }
    }

    /** Stops the servers that were opened since the last {@link #become}. */
    void release() {
        become(inForce);
    }

    /** Stops all servers but these, which run already; each answers with its new name from now on. */
    void become(List<DemoServerConfig> configs) {
        inForce = configs;
        Map<Endpoint, DemoServerConfig> wanted =
                configs.stream().collect(Collectors.toMap(DemoServerConfig::bind, config -> config));
        servers.entrySet().removeIf(entry -> {
            boolean stays = wanted.containsKey(entry.getKey());
            if (stays) {
                entry.getValue().name = wanted.get(entry.getKey()).name();
            } else {
                entry.getValue().server.stop(0);
            }
            return !stays;
        });
    }

    @Override
    public void close() {
        become(List.of());
        threads.shutdownNow();
    }

    private final class Demo {

        private final HttpServer server;
        private volatile String name;

        Demo(DemoServerConfig config) throws IOException {
            name = config.name();
            server = HttpServer.create(new InetSocketAddress(config.bind().host(), config.bind().port()), 0);
            server.createContext("/", this::answer);
            server.setExecutor(threads);
            server.start();
        }

        private void answer(HttpExchange exchange) throws IOException {
            byte[] answer = ("Hello from " + name + "\n").getBytes(StandardCharsets.US_ASCII);
            try (exchange) {
                exchange.getResponseHeaders().set("Content-Type", "text/plain");
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            }
        }
    }
}
