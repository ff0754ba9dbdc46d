package io.sluice.launcher.admin;

import io.sluice.config.AdminConfig;
import io.sluice.config.Endpoint;
import io.sluice.config.parse.AdminAccess;
import io.sluice.config.parse.ConfigException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** Asks a running Sluice at its admin address. Safe from any thread. */
public final class AdminClient implements AutoCloseable {

    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(5);
    /** Long, since a reload waits for name resolution and health checks. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http;
    private final URI base;
    private final Token token;

    /** Sluice has answered a request with an error. */
    public static final class RefusedException extends Exception {

        private static final long serialVersionUID = 1L;

        private final int status;
        private final transient JsonNode problem;

        RefusedException(int status, JsonNode problem) {
            super(problem.isObject() ? problem.path("detail").asString() : "it answered " + status);
            this.status = status;
            this.problem = problem;
        }

        /** What it has answered; without members if that was no problem in JSON. */
        public JsonNode problem() {
            return problem;
        }

        /** Whether the request had a configuration that cannot be used. */
        public boolean isForConfiguration() {
            return status == 422;
        }
    }

    /** @param etag the resource's entity tag; empty if it has none */
    public record Reply(String body, Optional<String> etag) {

        public JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }
    }

    AdminClient(URI base, Token token, HttpClient http) {
        this.base = base;
        this.token = token;
        this.http = http;
    }

    /**
     * Makes a client for the Sluice that runs with a configuration file.
     *
     * @throws IOException if there is no admin address, or its token or certificate cannot be read
     */
    public static AdminClient of(Path file) throws IOException, ConfigException {
        AdminAccess access = AdminAccess.read(file).orElseThrow(() -> new IOException(file
                + " has no section admin:, so a Sluice that runs with it cannot be asked"));
        AdminConfig admin = access.admin();
        HttpClient.Builder http = HttpClient.newBuilder().connectTimeout(CONNECT_PATIENCE)
                .version(HttpClient.Version.HTTP_1_1);
        if (admin.tls().isPresent()) {
            http.sslContext(KnownCertificate.context(admin.tls().get().chain()));
        }
        String scheme = admin.tls().isPresent() ? "https://" : "http://";
        return new AdminClient(URI.create(scheme + reachable(admin.bind())),
                Token.read(access), http.build());
    }

    private static Endpoint reachable(Endpoint bind) {
        InetAddress host = InetAddress.ofLiteral(bind.host());
        return host.isAnyLocalAddress()
                ? new Endpoint(host.getAddress().length == 4 ? "127.0.0.1" : "::1", bind.port()) : bind;
    }

    /** A part of a path, or a parameter's value, percent-encoded. */
    public static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    public Reply get(String path) throws IOException, InterruptedException, RefusedException {
        return send(request(path).GET());
    }

    /** @param type the body's media type @param etag the version to change; empty: whichever is in force */
    public Reply send(String method, String path, String type, String body, Optional<String> etag)
            throws IOException, InterruptedException, RefusedException {
        return send(request(path).method(method, BodyPublishers.ofString(body)).header("Content-Type", type)
                .header("If-Match", etag.orElse("*")));
    }

    /** Sends a request with a JSON body. */
    public Reply send(String method, String path, Map<String, ?> body)
            throws IOException, InterruptedException, RefusedException {
        return send(method, path, body, Optional.empty());
    }

    /** Sends a request with a JSON body. @param etag the version to change; empty: whichever is in force */
    public Reply send(String method, String path, Map<String, ?> body, Optional<String> etag)
            throws IOException, InterruptedException, RefusedException {
        return send(method, path, "application/json", new String(Json.bytes(body), StandardCharsets.UTF_8), etag);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve("/api/v1" + path)).timeout(PATIENCE)
                .header("Authorization", token.authorization());
    }

    private Reply send(HttpRequest.Builder request) throws IOException, InterruptedException, RefusedException {
        HttpResponse<String> response;
        try {
            response = http.send(request.build(), BodyHandlers.ofString());
        } catch (ConnectException e) {
            throw new IOException("Sluice cannot be reached at " + base + "; is it running?", e);
        }
        if (response.statusCode() >= 400) {
            throw new RefusedException(response.statusCode(), problem(response.body()));
        }
        return new Reply(response.body(), response.headers().firstValue("ETag"));
    }

    private static JsonNode problem(String body) {
        return body.startsWith("{") ? JsonMapper.shared().readTree(body) : MissingNode.getInstance();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    /** A query string. @param pairs names and values in turn; a name whose value is null is left out */
    public static String query(String... pairs) {
        StringBuilder query = new StringBuilder();
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i + 1] != null) {
                query.append(query.isEmpty() ? '?' : '&').append(pairs[i]).append('=').append(encoded(pairs[i + 1]));
            }
        }
        return query.toString();
    }
}
