package io.sluice.launcher;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A raw HTTP/1.1 server that notes what it is asked and answers byte for byte as told. Safe from any thread. */
final class HttpOrigin implements AutoCloseable {

    /** Answers 200 with the server's name and the request's target. */
    static final Answering NAME_AND_TARGET = (name, client, request) ->
            client.send(ok(name + " " + request.target()));

    /** Less than a peer's own, whose end of patience is not the end that is waited for. */
    private static final int PATIENCE_S = 5;

    private final NamedServer server;
    private final List<HttpMessage> requests = new CopyOnWriteArrayList<>();
    private final BlockingQueue<HttpMessage> unseen = new LinkedBlockingQueue<>();
    private final BlockingQueue<HttpPeer> ended = new LinkedBlockingQueue<>();

    /** What an origin does with a request. */
    @FunctionalInterface
    interface Answering {
        void answer(String serverName, HttpPeer client, HttpMessage request) throws IOException;
    }

    private HttpOrigin(String name, Answering answering) throws IOException {
        server = NamedServer.start(name, (_, socket) -> {
            HttpPeer client = HttpPeer.on(socket);
            try {
                for (HttpMessage request = client.request(); request != null; request = client.request()) {
                    note(request);
                    answering.answer(name, client, request);
                }
            } finally {
                ended.add(client);
            }
        });
    }

    static HttpOrigin start(String name) throws IOException {
        return start(name, NAME_AND_TARGET);
    }

    /** Answering begins when the whole request has come. */
    static HttpOrigin start(String name, Answering answering) throws IOException {
        return new HttpOrigin(name, answering);
    }

    /** One that answers every request with these bytes. */
    static HttpOrigin saying(String response) throws IOException {
        return start("server", (_, client, _) -> client.send(response));
    }

    /** One that answers the first request of each connection, and closes instead of answering the second. */
    static HttpOrigin answeringOnce(String name) throws IOException {
        Set<HttpPeer> answered = ConcurrentHashMap.newKeySet();
        return start(name, (_, client, _) -> {
            if (answered.add(client)) {
                client.send(ok(name));
            } else {
                client.leave();
            }
        });
    }

    /** The servers as a flow sequence of a configuration. */
    static String entries(HttpOrigin... origins) {
        return Stream.of(origins).map(origin -> origin.server.entry("")).collect(Collectors.joining(", ", "[", "]"));
    }

    /** A response with a length. */
    static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    String entry(String furtherKeys) {
        return server.entry(furtherKeys);
    }

    NamedServer server() {
        return server;
    }

    /** Connections ever. */
    int connections() {
        return server.accepted();
    }

    /** All requests that have come whole. */
    List<HttpMessage> requests() {
        return requests;
    }

    /** Waits for the next request. */
    HttpMessage nextRequest() throws InterruptedException {
        HttpMessage request = unseen.poll(PATIENCE_S, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request came");
        }
        return request;
    }

    /** Waits until one more connection has ended. */
    void awaitConnectionEnd() throws InterruptedException {
        if (ended.poll(PATIENCE_S, TimeUnit.SECONDS) == null) {
            throw new AssertionError("no connection ended");
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void note(HttpMessage request) {
        requests.add(request);
        unseen.add(request);
    }
}
