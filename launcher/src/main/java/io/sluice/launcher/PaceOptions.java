package io.sluice.launcher;

import io.sluice.bench.load.Mode;
import io.sluice.bench.load.Pace;
import io.sluice.bench.load.Span;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options of {@code bench} that say how much is sent, and for how long. */
final class PaceOptions {

    private static final Duration DEFAULT_DURATION = Duration.ofSeconds(10);
    private static final Duration DEFAULT_WARM_UP = Duration.ofSeconds(2);
    private static final int MOST_CONNECTIONS = 1_000_000;
    private static final double HIGHEST_RATE = 1e9;

    @Option(names = {"-c", "--connections"}, paramLabel = "N", defaultValue = "64",
            description = "Connections, all together (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(names = {"-t", "--threads"}, paramLabel = "N", defaultValue = "1",
            description = "Threads that they are dealt out to; each can fill a core (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Option(names = {"-d", "--duration"}, paramLabel = "TIME", converter = Quantity.Time.class,
            description = "Of the measurement, such as 30s or 5m (default: 10s, or what --requests takes).")
    private Duration duration;

    @Option(names = "--warm-up", paramLabel = "TIME", converter = Quantity.Time.class,
            description = "Load before the measurement (default: 2s, with --requests 0s).")
    private Duration warmUp;

    @Option(names = {"-n", "--requests"}, paramLabel = "N", description = "Measure so many requests, then end.")
    private Long requests;

    @Option(names = {"-R", "--rate"}, paramLabel = "N", description = "Open loop: so many requests a second, all "
            + "connections together, whether or not answers come. Without: closed loop, as many as get answers.")
    private Double ratePerSecond;

    @Option(names = "--timeout", paramLabel = "TIME", converter = Quantity.Time.class, defaultValue = "10s",
            description = "Of each request, with connecting (default: ${DEFAULT-VALUE}).")
    private Duration timeout;

    /** @throws IllegalArgumentException if the options do not fit together */
    Pace pace(Mode mode) {
        require(connections >= 1 && connections <= MOST_CONNECTIONS, "--connections is from 1 to " + MOST_CONNECTIONS);
        require(threads >= 1 && threads <= connections, "--threads is from 1 to the number of connections");
        require(requests == null || requests > 0, "--requests is at least 1");
        require(ratePerSecond == null || ratePerSecond > 0 && ratePerSecond <= HIGHEST_RATE,
                "--rate is above 0 and no more than a billion");
        require(!mode.isBulk() || requests == null && ratePerSecond == null,
                "--requests and --rate are for requests, not for bytes");
        return new Pace(threads, connections, ratePerSecond == null ? Pace.CLOSED_LOOP : ratePerSecond,
                requests == null ? Pace.UNLIMITED : requests);
    }

    /** @throws IllegalArgumentException if the run has no duration */
    Span span() {
        require(duration == null || !duration.isZero(), "--duration is above 0");
        require(!timeout.isZero(), "--timeout is above 0");
        Duration warmUpChosen = warmUp != null ? warmUp : requests == null ? DEFAULT_WARM_UP : Duration.ZERO;
        Duration durationChosen = duration != null ? duration : requests == null ? DEFAULT_DURATION : Span.UNLIMITED;
        return new Span(warmUpChosen, durationChosen, timeout);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
