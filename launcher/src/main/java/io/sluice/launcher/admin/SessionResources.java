package io.sluice.launcher.admin;

import io.sluice.core.address.Addresses;
import io.sluice.core.worker.SessionFilter;
import io.sluice.core.worker.SessionInfo;
import io.sluice.core.worker.Worker;
import io.sluice.l7.proxy.Excerpt;
import io.sluice.l7.proxy.Fault;
import io.sluice.l7.proxy.RefusedMessage;
import io.sluice.l7.proxy.RefusedMessage.Parties;
import io.sluice.launcher.control.ControlPlane;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Lists live sessions, ends single ones, and lists refused requests and responses. Each worker answers for its own
 * sessions. Safe from any thread.
 */
final class SessionResources {

    private static final int USUAL = 100;
    private static final int MOST = 1000;
    private static final int PATIENCE_S = 5;

    private final ControlPlane control;

    SessionResources(ControlPlane control) {
        this.control = control;
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET", "/api/v1/sessions", this::list).asking("listener", "server", "client", "limit"),
                Route.of("DELETE", "/api/v1/sessions/{session}", this::end),
                Route.of("GET", "/api/v1/errors", _ -> Answer.json(errors())));
    }

    /** @param clientBytes null if bytes are not counted by session @param requests null if the protocol has none */
    private record Line(String id, String listener, String client, String pool, String server, String phase,
                        Instant startedAt, double seconds, Long clientBytes, Long serverBytes, Integer requests) { }

    /**
     * @param message {@code request} or {@code response}
     * @param pool    null for a request, like the server
     * @param part    {@code head}, {@code body} or {@code trailers}
     * @param fault   the byte at fault, empty if it is missing
     */
    private record Refused(Instant at, String message, String listener, String client, String pool, String server,
                           String reason, String part, long offset, String before, String fault, String after) {

        static Refused of(RefusedMessage message) {
            Parties parties = message.parties();
            Fault fault = message.fault();
            Excerpt excerpt = fault.excerpt();
            return new Refused(message.at(), message.isResponse() ? "response" : "request", parties.listener(),
                    parties.client(), parties.pool(), parties.server(), message.reason().reason(),
                    fault.part().name().toLowerCase(Locale.ROOT), fault.offset(), excerpt.before(), excerpt.at(),
                    excerpt.after());
        }
    }

    /** @param truncated whether there are more */
    private record Lines(List<Line> sessions, boolean truncated) { }

    private Answer list(Call call) throws Exception {
        int most = call.number("limit", 1, MOST, USUAL);
        SessionFilter filter = new SessionFilter(call.parameter("listener"), call.parameter("server"),
                call.parameter("client").map(SessionResources::address));
        List<CompletableFuture<List<SessionInfo>>> answers = new ArrayList<>();
        for (Worker worker : control.workers()) {
            CompletableFuture<List<SessionInfo>> answer = new CompletableFuture<>();
            // One more than wanted, to find out whether there are more.
            worker.askForSessions(filter, most + 1, answer::complete);
            answers.add(answer);
        }
        List<SessionInfo> all = new ArrayList<>();
        for (CompletableFuture<List<SessionInfo>> answer : answers) {
            all.addAll(answer.get(PATIENCE_S, TimeUnit.SECONDS));
        }
        if (all.isEmpty()) {
            // Only then, as connections may outlive their listener's name, and their server's.
            requireKnown(filter);
        }
        long nowMs = System.currentTimeMillis();
        all.sort(Comparator.comparingLong(SessionInfo::startMs).reversed());
        return Answer.json(new Lines(all.stream().limit(most).map(session -> line(session, nowMs)).toList(),
                all.size() > most));
    }

    private void requireKnown(SessionFilter filter) {
        filter.listener().filter(name -> !isListener(name)).ifPresent(name -> {
            throw Problem.notFound("no listener is named " + name);
        });
        filter.server().filter(name -> !isServer(name)).ifPresent(name -> {
            throw Problem.notFound("no server is named " + name);
        });
    }

    private boolean isListener(String name) {
        return control.config().listeners().stream().anyMatch(listener -> listener.name().equals(name));
    }

    /** @param name with or without its pool's */
    private boolean isServer(String name) {
        return control.config().pools().stream().anyMatch(pool -> pool.servers().stream().anyMatch(
                server -> name.equals(server.name()) || name.equals(pool.name() + "/" + server.name())));
    }

    private static Line line(SessionInfo session, long nowMs) {
        return new Line(session.worker() + "-" + Long.toHexString(session.id()), session.listener(),
                Addresses.toText(session.client()), session.pool(), session.server(), session.phase(),
                Instant.ofEpochMilli(session.startMs()), Math.max(0, nowMs - session.startMs()) / 1000.0,
                session.clientBytes() < 0 ? null : Long.valueOf(session.clientBytes()),
                session.serverBytes() < 0 ? null : Long.valueOf(session.serverBytes()),
                session.requests() < 0 ? null : Integer.valueOf(session.requests()));
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("client is an IP address");
        }
    }

    private List<Refused> errors() {
        return control.refusedMessages().reversed().stream().map(Refused::of).toList();
    }

    private Answer end(Call call) throws Exception {
        String id = call.part("session");
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        worker(id).ifPresentOrElse(worker -> worker.askToEndSession(number(id), ended::complete),
                () -> ended.complete(false));
        if (!ended.get(PATIENCE_S, TimeUnit.SECONDS)) {
            throw Problem.notFound("there is no session " + id + " any more");
        }
        Audit.changed(call, "ends session " + id);
        return new Answer.Whole(204, "application/json", new byte[0], Map.of());
    }

    private Optional<Worker> worker(String id) {
        int dash = id.indexOf('-');
        try {
            int index = Integer.parseInt(id.substring(0, Math.max(dash, 0)));
            return index < control.workers().size() && index >= 0 && number(id) > 0
                    ? Optional.of(control.workers().get(index)) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static long number(String id) {
        return Long.parseLong(id, id.indexOf('-') + 1, id.length(), 16);
    }
}
