package io.sluice.launcher.admin;

import io.sluice.launcher.control.ControlPlane;
import io.sluice.launcher.observe.Observer;
import io.sluice.launcher.observe.PrometheusMetrics;
import io.sluice.launcher.observe.Readings.EventReading;
import io.sluice.launcher.observe.Readings.ListenerReading;
import io.sluice.launcher.observe.Readings.PoolReading;
import io.sluice.launcher.observe.Readings.ServerReading;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;

/** Serves the readings of Sluice: all or parts of them, once or as a stream, and as metrics. Safe from any thread. */
final class StatusResources {

    private static final int MOST_STREAMS = 32;
    private static final int MOST_EVENTS_WAITING = 100;
    private static final long PERIOD_NS = TimeUnit.SECONDS.toNanos(1);

    private final ControlPlane control;
    private final Versions versions;
    private final Observer observer;
    private final PrometheusMetrics metrics;
    private final Route.Access metricsAccess;
    private final Semaphore streams = new Semaphore(MOST_STREAMS);

    StatusResources(ControlPlane control, Observer observer, Route.Access metricsAccess) {
        this.control = control;
        this.observer = observer;
        this.metricsAccess = metricsAccess;
        metrics = new PrometheusMetrics(observer, System::nanoTime);
        versions = new Versions(control);
    }

    List<Route> routes() {
        return List.of(
                Route.open("GET", "/livez", _ -> Answer.text(200, "text/plain", "alive\n")),
                Route.open("GET", "/readyz", _ -> control.isDraining()
                        ? Answer.text(503, "text/plain", "draining\n") : Answer.text(200, "text/plain", "ready\n")),
                Route.open("GET", "/metrics", this::metrics).with(metricsAccess),
                Route.of("GET", "/api/v1/status", _ -> whole(observer.current())),
                Route.of("GET", "/api/v1/events", _ -> events()),
                Route.of("GET", "/api/v1/listeners", _ -> whole(observer.current().listeners())),
                Route.of("GET", "/api/v1/listeners/{listener}", call -> whole(listener(call.part("listener")))),
                Route.of("GET", "/api/v1/pools", _ -> whole(observer.current().pools())),
                Route.of("GET", "/api/v1/pools/{pool}", call -> whole(pool(call.part("pool")))),
                Route.of("GET", "/api/v1/pools/{pool}/servers/{server}",
                        call -> whole(server(call.part("pool"), call.part("server")))));
    }

    private Answer metrics(Call call) {
        boolean gzip = call.header(HttpHeader.ACCEPT_ENCODING).contains("gzip");
        PrometheusMetrics.Page page = metrics.page(call.header(HttpHeader.ACCEPT), gzip);
        Answer.Whole answer = new Answer.Whole(200, page.contentType(), page.body(),
                Map.of("Age", Long.toString(page.ageSeconds()), "Vary", "Accept, Accept-Encoding"));
        return page.isGzip() ? Answer.with(answer, "Content-Encoding", "gzip") : answer;
    }

    private Answer whole(Object value) {
        String tag = versions.tag();
        return versions.tagged(Answer.json(value), tag);
    }

    private ListenerReading listener(String name) {
        return observer.current().listeners().stream().filter(one -> one.name().equals(name)).findFirst()
                .orElseThrow(() -> Problem.notFound("no listener is named " + name));
    }

    private PoolReading pool(String name) {
        return observer.current().pools().stream().filter(one -> one.name().equals(name)).findFirst()
                .orElseThrow(() -> Problem.notFound("no pool is named " + name));
    }

    private ServerReading server(String pool, String name) {
        return pool(pool).servers().stream().filter(one -> one.name().equals(name)).findFirst()
                .orElseThrow(() -> Problem.notFound("no server of pool " + pool + " is named " + name));
    }

    private Answer events() {
        if (!streams.tryAcquire()) {
            throw Problem.with(503, "Too many streams", "at most " + MOST_STREAMS + " are served at a time",
                    "Retry-After", "5");
        }
        return new Answer.Stream("text/event-stream", this::stream, streams::release);
    }

    /** Streams until a write fails because the client is gone. Drops the events for which a slow client has no room. */
    private void stream(OutputStream out) throws IOException, InterruptedException {
        BlockingQueue<EventReading> events = new ArrayBlockingQueue<>(MOST_EVENTS_WAITING);
        Runnable stop = observer.onEvent(events::offer);
        try {
            for (;;) {
                send("status", observer.current(), out);
                sendAsTheyCome(events, System.nanoTime() + PERIOD_NS, out);
            }
        } finally {
            stop.run();
        }
    }

    private static void sendAsTheyCome(BlockingQueue<EventReading> events, long untilNs, OutputStream out)
            throws IOException, InterruptedException {
        for (EventReading event = events.poll(untilNs - System.nanoTime(), TimeUnit.NANOSECONDS); event != null;
                event = events.poll(untilNs - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            send("log", event, out);
        }
    }

    /** Writes one server-sent event. The JSON has no line breaks, so one data line is enough. */
    private static void send(String event, Object data, OutputStream out) throws IOException {
        out.write(("event: " + event + "\ndata: ").getBytes(StandardCharsets.US_ASCII));
        out.write(Json.bytes(data));
        out.write("\n\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }
}
