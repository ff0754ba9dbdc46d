package io.sluice.launcher;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.config.DemoServerConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Small HTTP servers in Sluice's own process that answer with their names. Safe from any thread. */
final class DemoServers implements AutoCloseable {

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<HttpServer> servers = new ArrayList<>();

    /** Starts them all. @throws LaunchException if one's address is not to be had */
    DemoServers(List<DemoServerConfig> configs) throws LaunchException {
        for (DemoServerConfig config : configs) {
            try {
                servers.add(start(config));
            } catch (IOException e) {
                close();
                throw new LaunchException(
                        "demo server " + config.name() + " cannot listen on " + config.bind() + ": " + e.getMessage());
            }
        }
    }

    private HttpServer start(DemoServerConfig config) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(config.bind().host(), config.bind().port()), 0);
        byte[] answer = ("Hello from " + config.name() + "\n").getBytes(StandardCharsets.US_ASCII);
        server.createContext("/", exchange -> answer(exchange, answer));
        server.setExecutor(threads);
        server.start();
        return server;
    }

    private static void answer(HttpExchange exchange, byte[] answer) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
        threads.shutdownNow();
    }
}
