package io.sluice.launcher.soak;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** A page of metrics. Immutable. */
record Metrics(List<String> lines) {

    private static final int PATIENCE_MS = 120_000;
    /** All that must be zero when nobody is left. */
    private static final List<String> GAUGES = List.of("sluice_connections", "sluice_listener_connections",
            "sluice_pool_queue_length", "sluice_server_connections", "sluice_worker_connections",
            "sluice_worker_buffers", "sluice_worker_pipes");

    static Metrics at(URI address) throws IOException {
        URLConnection connection = address.toURL().openConnection();
        connection.setReadTimeout(PATIENCE_MS);
        try (InputStream page = connection.getInputStream()) {
            return new Metrics(new String(page.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
        }
    }

    /** The gauges that say that somebody is left. */
    Stream<String> inUse() {
        return GAUGES.stream().flatMap(gauge -> notZero(gauge).stream());
    }

    private List<String> notZero(String gauge) {
        List<String> values = lines.stream().filter(line -> line.split("[{ ]", 2)[0].equals(gauge)).toList();
        return values.isEmpty() ? List.of("no " + gauge)
                : values.stream().filter(line -> !line.endsWith(" 0")).toList();
    }

    /** Of all series with these labels, in this order, and perhaps others behind them. */
    long sum(String name, String labels) {
        String start = "sluice_" + name + "_total{" + labels;
        return lines.stream().filter(line -> line.startsWith(start))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }
}
