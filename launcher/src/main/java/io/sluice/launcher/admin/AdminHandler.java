package io.sluice.launcher.admin;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.Promise;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles a request at the admin address, from the access check to its answer. Safe from any thread. */
final class AdminHandler extends Handler.Abstract {

    static final int MOST_BODY_BYTES = 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);
    private static final int BODY_PATIENCE_S = 10;
    private static final int SLICE_BYTES = 256 * 1024;
    /** The content policy: pages load scripts and styles from their own files only, and no other site embeds them. */
    static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                    + "connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
                    + "frame-ancestors 'none'",
            "X-Content-Type-Options", "nosniff", "X-Frame-Options", "DENY", "Referrer-Policy", "no-referrer",
            "Cross-Origin-Resource-Policy", "same-origin", "Cross-Origin-Opener-Policy", "same-origin",
            "Cache-Control", "no-store");

    private final Door door;
    private final Routes routes;
    private final SlowClients slowClients;

    AdminHandler(Door door, Routes routes, SlowClients slowClients) {
        this.door = door;
        this.routes = routes;
        this.slowClients = slowClients;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Connection connection = request.getConnectionMetaData().getConnection();
        slowClients.onRequest(connection);
        Request.addCompletionListener(request, _ -> slowClients.awaitRequest(connection));
        HEADERS.forEach(response.getHeaders()::put);
        try {
            write(answer(request), response, callback);
        } catch (Exception e) {
            callback.failed(e);
        }
        return true;
    }

    private Answer answer(Request request) {
        try {
            door.checkOrigin(request);
            String path = request.getHttpURI().getDecodedPath();
            Optional<Routes.Match> match = routes.find(request.getMethod(), path);
            if (match.isPresent()) {
                return answer(request, match.get());
            }
            boolean isRead = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
            return (isRead ? Pages.find(path) : Optional.<Answer>empty())
                    .orElseThrow(() -> Problem.notFound("nothing is at " + path));
        } catch (Problem e) {
            return e.answer();
        } catch (InterruptedException e) {
            return Problem.of(503, "Sluice is ending", "try another one").answer();
        } catch (Exception e) {
            LOG.error("admin: {} {} failed, because of a bug", request.getMethod(), request.getHttpURI().getPath(), e);
            return Problem.of(500, "Internal error", "the log says more").answer();
        }
    }

    private Answer answer(Request request, Routes.Match match) throws Exception {
        Route route = match.route();
        door.check(request, route.access());
        Map<String, String> query = query(request);
        route.checkParameters(query.keySet());
        byte[] body = route.takes() == Route.Takes.NOTHING ? new byte[0] : body(request, route.takes());
        return route.operation().answer(
                new Call(match.parts(), query, body, request.getHeaders(), Door.who(request)));
    }

    private static Map<String, String> query(Request request) {
        Map<String, String> query = new HashMap<>();
        try {
            for (Fields.Field field : Request.extractQueryParameters(request)) {
                query.put(field.getName(), field.getValues().getLast());
            }
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("the query is malformed");
        }
        return query;
    }

    private static byte[] body(Request request, Route.Takes takes) throws InterruptedException {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (takes == Route.Takes.JSON && (type == null || !type.startsWith("application/json"))) {
            throw Problem.of(415, "Unsupported media type", "the body is to be application/json");
        }
        if (request.getLength() > MOST_BODY_BYTES) {
            throw tooLarge();
        }
        CompletableFuture<byte[]> body = new CompletableFuture<>();
        Content.Source.asByteArrayAsync(request, MOST_BODY_BYTES, Promise.Invocable.toPromise(body));
        try {
            return body.get(BODY_PATIENCE_S, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw Problem.with(408, "Request timeout", "the body did not come within " + BODY_PATIENCE_S + " s",
                    "Connection", "close");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IllegalStateException ? tooLarge()
                    : Problem.badRequest("the body broke off");
        }
    }

    private static Problem tooLarge() {
        return Problem.with(413, "Content too large", "a body has at most " + MOST_BODY_BYTES + " bytes",
                "Connection", "close");
    }

    private static void write(Answer answer, Response response, Callback callback) throws Exception {
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(HttpHeader.CONTENT_TYPE, answer.contentType());
        answer.headers().forEach((name, value) -> headers.put(new HttpField(name, value)));
        switch (answer) {
            case Answer.Whole whole -> {
                response.setStatus(whole.status());
                headers.put(HttpHeader.CONTENT_LENGTH, whole.body().length);
                write(whole.body(), response, callback);
            }
            case Answer.Stream stream -> {
                response.setStatus(200);
                try (OutputStream out = Content.Sink.asOutputStream(response)) {
                    if (!response.getRequest().getMethod().equals("HEAD")) {
                        stream.source().writeTo(out);
                    }
                } finally {
                    stream.whenOver().run();
                }
                callback.succeeded();
            }
        }
    }

    /** Writes in slices, since the JDK copies the whole buffer at each write, however little the socket takes. */
    private static void write(byte[] body, Response response, Callback callback) throws IOException {
        int from = 0;
        while (body.length - from > SLICE_BYTES) {
            Content.Sink.write(response, false, ByteBuffer.wrap(body, from, SLICE_BYTES));
            from += SLICE_BYTES;
        }
        response.write(true, ByteBuffer.wrap(body, from, body.length - from), callback);
    }
}
