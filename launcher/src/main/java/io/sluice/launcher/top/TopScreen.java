package io.sluice.launcher.top;

import io.sluice.launcher.observe.Readings;
import io.sluice.launcher.observe.Readings.ByteReading;
import io.sluice.launcher.observe.Readings.EventReading;
import io.sluice.launcher.observe.Readings.ListenerReading;
import io.sluice.launcher.observe.Readings.PoolReading;
import io.sluice.launcher.observe.Readings.Quantiles;
import io.sluice.launcher.observe.Readings.RequestReading;
import io.sluice.launcher.observe.Readings.ServerReading;
import io.sluice.launcher.observe.Readings.WorkerReading;
import io.sluice.launcher.table.Cell;
import io.sluice.launcher.table.Cell.Tone;
import io.sluice.launcher.table.Table;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/** A reading of Sluice as the lines of a terminal. Immutable. */
public final class TopScreen {

    private static final int EVENTS = 6;
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

    private final Readings readings;
    private final boolean coloured;
    private final String trouble;

    public TopScreen(Readings readings, boolean coloured) {
        this(readings, coloured, null);
    }

    private TopScreen(Readings readings, boolean coloured, String trouble) {
        this.readings = readings;
        this.coloured = coloured;
        this.trouble = trouble;
    }

    /** The same readings, headed by the reason why there are no newer ones. */
    public TopScreen outdated(String reason) {
        return new TopScreen(readings, coloured, reason);
    }

    /** All lines. @param columns the width of the terminal */
    public List<String> lines(int columns) {
        List<String> lines = new ArrayList<>(head(columns));
        lines.add("");
        lines.addAll(listeners().lines(columns, coloured));
        lines.add("");
        lines.addAll(servers().lines(columns, coloured));
        if (!readings.events().isEmpty()) {
            lines.add("");
            lines.addAll(events(columns));
        }
        return lines;
    }

    /** The lines that fit; if some do not, the last line says how many are missing. */
    public List<String> lines(int columns, int rows) {
        List<String> all = lines(columns);
        if (all.size() <= rows) {
            return all;
        }
        List<String> shown = new ArrayList<>(all.subList(0, Math.max(0, rows - 1)));
        shown.add(Cell.of("... " + (all.size() - shown.size()) + " more lines; --once shows all", Tone.FAINT)
                .fitted(columns, false, coloured).stripTrailing());
        return shown;
    }

    private List<String> head(int columns) {
        var generation = readings.generation();
        var connections = readings.connections();
        Tone tone = readings.state().equals("serving") ? Tone.HEAD : Tone.WARN;
        String first = " Sluice " + readings.version() + "  " + readings.state() + "  up "
                + Figures.span(readings.uptimeSeconds()) + "  generation " + generation.number() + " of "
                + generation.origin() + "  " + CLOCK.format(readings.at());
        String second = " requests " + Figures.count(sum(http -> http.requests() == null ? 0 : http.requests().rate()))
                + "/s  TCP sessions " + Figures.count(sum(tcp -> tcp.requests() == null ? tcp.connections().rate() : 0))
                + "/s  connections " + connections.now() + " of " + Objects.toString(connections.limit(), "any number")
                + "  in " + Figures.bytes(sum(each -> each.bytes().receivedRate())) + "/s  out "
                + Figures.bytes(sum(each -> each.bytes().sentRate())) + "/s" + busiest();
        if (trouble != null) {
            first = " OLD, of " + CLOCK.format(readings.at()) + ": " + trouble;
            tone = Tone.BAD;
        }
        return List.of(Cell.of(first, tone).fitted(columns, false, coloured).stripTrailing(),
                Cell.of(second).fitted(columns, false, coloured).stripTrailing());
    }

    private String busiest() {
        OptionalDouble most = readings.workers().stream().map(WorkerReading::busy).filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue).max();
        return most.isEmpty() ? "" : "  busiest worker " + Figures.percent(most.getAsDouble());
    }

    private interface Rate {
        double of(ListenerReading listener);
    }

    private double sum(Rate rate) {
        return readings.listeners().stream().mapToDouble(rate::of).sum();
    }

    private Table listeners() {
        Table table = new Table(2, "LISTENER", "PROTOCOL", "CONNS", "RATE/s", "IN/s", "OUT/s", "P50", "P99", "5XX",
                "REFUSED");
        for (ListenerReading listener : readings.listeners()) {
            RequestReading requests = listener.requests();
            Quantiles latency = listener.latency().total().lastMinute();
            long failed = requests == null ? 0 : requests.byClass().getOrDefault("5xx", 0L);
            long refused = total(listener.refused());
            table.row(Cell.of(listener.name(), Tone.STRONG), Cell.of(listener.protocol()),
                    Cell.of(Long.toString(listener.connections().now())),
                    Cell.of(Figures.count(requests == null ? listener.connections().rate() : requests.rate())),
                    Cell.of(Figures.bytes(listener.bytes().receivedRate())),
                    Cell.of(Figures.bytes(listener.bytes().sentRate())),
                    Cell.of(Figures.seconds(latency.p50())), Cell.of(Figures.seconds(latency.p99())),
                    requests == null ? Cell.of(Figures.NONE) : alarming(failed), alarming(refused));
        }
        return table;
    }

    private Table servers() {
        Table table = new Table(3, "POOL / SERVER", "STATE", "ROLE", "WEIGHT", "LOAD", "RATE/s", "IN/s", "OUT/s", "P50",
                "P99", "FAILED", "QUEUE");
        for (PoolReading pool : readings.pools()) {
            Tone tone = pool.up() == 0 ? Tone.BAD : pool.up() < pool.size() ? Tone.WARN : Tone.GOOD;
            Cell none = Cell.of("");
            table.row(Cell.of(pool.name(), Tone.STRONG), Cell.of(pool.up() + "/" + pool.size() + " up", tone),
                    none, none, none, none, none, none, none, none, none,
                    Cell.of(Integer.toString(pool.queue().now())));
            pool.servers().forEach(server -> table.row(server(pool, server)));
        }
        return table;
    }

    /** For TCP, the latency is that of the first byte: the length of a session says nothing about the server. */
    private static Cell[] server(PoolReading pool, ServerReading server) {
        var connections = server.connections();
        ByteReading bytes = server.bytes();
        RequestReading requests = server.requests();
        boolean tcp = pool.protocol().equals("tcp");
        Quantiles latency = (tcp ? server.latency().firstByte() : server.latency().total()).lastMinute();
        String load = connections.limit() == null ? Integer.toString(connections.now())
                : connections.now() + "/" + connections.limit();
        String role = server.role() == null ? server.backup() ? "backup" : "" : server.role();
        return new Cell[] {
            Cell.of("  " + server.name()), Cell.of(server.state(), tone(server.state())),
            Cell.of(role), Cell.of(Integer.toString(server.weight())), Cell.of(load),
            Cell.of(Figures.count(requests == null ? connections.rate() : requests.rate())),
            Cell.of(Figures.bytes(bytes.receivedRate())), Cell.of(Figures.bytes(bytes.sentRate())),
            Cell.of(Figures.seconds(latency.p50())), Cell.of(Figures.seconds(latency.p99())),
            alarming(total(server.errors())), Cell.of("")};
    }

    private List<String> events(int columns) {
        List<EventReading> all = readings.events();
        return all.subList(Math.max(0, all.size() - EVENTS), all.size()).reversed().stream()
                .map(event -> Cell.of(CLOCK.format(event.at()) + "  " + event.text(), tone(event.level()))
                        .fitted(columns, false, coloured).stripTrailing()).toList();
    }

    private static Cell alarming(long count) {
        return Cell.of(Figures.count(count), count > 0 ? Tone.WARN : Tone.PLAIN);
    }

    private static Tone tone(String word) {
        return switch (word) {
            case "up" -> Tone.GOOD;
            case "draining", "warn" -> Tone.WARN;
            case "maintenance" -> Tone.CALM;
            case "down", "ejected", "error" -> Tone.BAD;
            default -> Tone.PLAIN;
        };
    }

    private static long total(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
