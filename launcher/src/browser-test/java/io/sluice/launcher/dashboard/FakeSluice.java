package io.sluice.launcher.dashboard;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.launcher.observe.FakeReadings;
import io.sluice.launcher.observe.Readings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * The admin address of a Sluice that is not there, with the dashboard's files and as much of the API as they use. It
 * can be told to fall silent, to refuse and to be hostile. Safe from any thread.
 */
final class FakeSluice implements AutoCloseable {

    static final String TOKEN = "correct horse";

    private static final Map<String, String> TYPES = Map.of("html", "text/html; charset=utf-8", "css", "text/css",
            "js", "text/javascript", "svg", "image/svg+xml");
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final String CONFIGURATION = """
            # The shop, its partners, and the orders' database.
            listeners:
              - name: web
                bind: 0.0.0.0:443
                protocol: http
                routes:
                  - match: { host: shop.example.com, path: /api/v2/** }
                    pool: shop
              - { name: orders-db, bind: "10.0.0.5:5432", protocol: tcp, pool: orders-db }

            pools:
              shop:
                balance: least-connections
                servers:
                  - { name: shop-1, address: "10.0.1.1:8080" }   # the oldest
            """;

    private final ObjectMapper json = new ObjectMapper();
    private final HttpServer server;
    private final AtomicLong second = new AtomicLong();
    private final List<HttpExchange> streams = new CopyOnWriteArrayList<>();
    final FakeReadings model = new FakeReadings();
    volatile int periodMs = 250;
    volatile boolean silent;
    volatile String configuration = CONFIGURATION;
    volatile String refusal;

    FakeSluice(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serveFile);
        server.createContext("/api/v1/", this::serveApi);
        server.start();
    }

    /** For looking at the page by hand: {@code FakeSluice PORT}. */
    public static void main(String[] arguments) throws IOException {
        new FakeSluice(Integer.parseInt(arguments[0]));
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    /** How many readings were made. */
    long readings() {
        return second.get();
    }

    /** Ends all streams of events, as if Sluice had gone; new ones are refused until it is back. */
    void goAway() {
        silent = true;
        streams.forEach(HttpExchange::close);
    }

    @Override
    public void close() {
        goAway();
        server.stop(0);
    }

    private void serveFile(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String name = path.equals("/") ? "index.html" : path.substring(1);
        try (InputStream file = FakeSluice.class.getResourceAsStream(name)) {
            exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
            if (file == null) {
                answer(exchange, 404, "text/plain", "no such file");
            } else {
                String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
                answer(exchange, 200, type, new String(file.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
    }

    private void serveApi(HttpExchange exchange) throws IOException {
        if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            answer(exchange, 401, "application/json", "{}");
            return;
        }
        String path = exchange.getRequestURI().getPath().substring("/api/v1".length());
        switch (path) {
            case "/status" -> answer(exchange, 200, "application/json", json.writeValueAsString(current()));
            case "/events" -> stream(exchange);
            case "/config" -> answer(exchange, 200, "application/yaml", configuration);
            default -> serveServer(exchange, path.substring(path.lastIndexOf('/') + 1));
        }
    }

    private void serveServer(HttpExchange exchange, String name) throws IOException {
        String tag = "\"" + model.wish(name).hashCode() + "\"";
        exchange.getResponseHeaders().set("ETag", tag);
        if (exchange.getRequestMethod().equals("GET")) {
            answer(exchange, 200, "application/json", "{}");
        } else if (refusal != null) {
            answer(exchange, 409, "application/json", json.writeValueAsString(Map.of("detail", refusal)));
        } else if (!tag.equals(exchange.getRequestHeaders().getOrDefault("If-Match", List.of(tag)).getFirst())) {
            answer(exchange, 412, "application/json", "{}");
        } else {
            JsonNode change = json.readTree(exchange.getRequestBody());
            FakeReadings.Wish before = model.wish(name);
            model.wish(name, new FakeReadings.Wish(change.path("state").asString(before.state()),
                    change.path("weight").asInt(before.weight())));
            answer(exchange, 200, "application/json", "{}");
        }
    }

    private void stream(HttpExchange exchange) throws IOException {
        if (silent) {
            exchange.close();
            return;
        }
        streams.add(exchange);
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (exchange; OutputStream out = exchange.getResponseBody()) {
            while (!silent) {
                out.write(("event: status\ndata: " + json.writeValueAsString(current()) + "\n\n")
                        .getBytes(StandardCharsets.UTF_8));
                out.flush();
                Thread.sleep(periodMs);
            }
        } catch (IOException e) {
            // The page has gone, or goAway() has been called: either way there is no one to tell.
            streams.remove(exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Each reading is a second after the one before: time goes by faster here. */
    private Readings current() {
        return model.at(second.incrementAndGet());
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
