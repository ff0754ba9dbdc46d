package io.sluice.launcher.admin;

import io.sluice.launcher.control.ControlPlane;
import io.sluice.launcher.observe.Readings;
import io.sluice.launcher.observe.Readings.EventReading;
import io.sluice.launcher.observe.Readings.ListenerReading;
import io.sluice.launcher.observe.Readings.PoolReading;
import io.sluice.launcher.observe.Readings.ServerReading;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** What is to be seen, whole and in parts, once and as it comes about. Safe from any thread. */
final class StatusResources {

    private static final int MOST_STREAMS = 32;
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final ControlPlane control;
    private final Versions versions;
    private final Supplier<Readings> readings;
    private final Semaphore streams = new Semaphore(MOST_STREAMS);

    StatusResources(ControlPlane control, Supplier<Readings> readings) {
        this.control = control;
        this.readings = readings;
        versions = new Versions(control);
    }

    List<Route> routes() {
        return List.of(
                Route.open("GET", "/livez", _ -> Answer.text(200, "text/plain", "alive\n")),
                Route.open("GET", "/readyz", _ -> control.isDraining()
                        ? Answer.text(503, "text/plain", "draining\n") : Answer.text(200, "text/plain", "ready\n")),
                Route.of("GET", "/api/v1/status", _ -> whole(readings.get())),
                Route.of("GET", "/api/v1/events", _ -> events()),
                Route.of("GET", "/api/v1/listeners", _ -> whole(readings.get().listeners())),
                Route.of("GET", "/api/v1/listeners/{listener}", call -> whole(listener(call.part("listener")))),
                Route.of("GET", "/api/v1/pools", _ -> whole(readings.get().pools())),
                Route.of("GET", "/api/v1/pools/{pool}", call -> whole(pool(call.part("pool")))),
                Route.of("GET", "/api/v1/pools/{pool}/servers/{server}",
                        call -> whole(server(call.part("pool"), call.part("server")))));
    }

    private Answer whole(Object value) {
        String tag = versions.tag();
        return versions.tagged(Answer.json(value), tag);
    }

    private ListenerReading listener(String name) {
        return readings.get().listeners().stream().filter(one -> one.name().equals(name)).findFirst()
                .orElseThrow(() -> Problem.notFound("no listener is named " + name));
    }

    private PoolReading pool(String name) {
        return readings.get().pools().stream().filter(one -> one.name().equals(name)).findFirst()
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
        return new Answer.Stream("text/event-stream", this::stream);
    }

    /** Until the client is gone, which a write finds out. */
    private void stream(OutputStream out) throws IOException, InterruptedException {
        try {
            Instant lastEvent = Instant.MIN;
            for (;;) {
                Readings now = readings.get();
                lastEvent = tellEvents(now.events(), lastEvent, out);
                send("status", now, out);
                out.flush();
                Thread.sleep(PERIOD);
            }
        } finally {
            streams.release();
        }
    }

    private static Instant tellEvents(List<EventReading> events, Instant after, OutputStream out) throws IOException {
        Instant last = after;
        for (EventReading event : events) {
            if (event.at().isAfter(after)) {
                send("log", event, out);
                last = event.at();
            }
        }
        return last;
    }

    /** As server-sent events are written. JSON has no line breaks. */
    private static void send(String event, Object data, OutputStream out) throws IOException {
        out.write(("event: " + event + "\ndata: ").getBytes(StandardCharsets.US_ASCII));
        out.write(Json.bytes(data));
        out.write("\n\n".getBytes(StandardCharsets.US_ASCII));
    }
}
