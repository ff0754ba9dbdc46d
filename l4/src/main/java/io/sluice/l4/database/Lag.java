package io.sluice.l4.database;

import io.sluice.core.health.Finding;
import io.sluice.core.pool.KnownLag;
import io.sluice.core.pool.Role;
import io.sluice.core.pool.Server;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/**
 * Estimates how old a replica's data is, from check to check. A server's own report of its lag is often too high (the
 * first write after hours of silence) or missing (replication has stopped); but data cannot age faster than time
 * passes. So the lag is the reported one, or that of the last check plus the time since, whichever is less. Once the
 * pool has lost its primary, nothing newer is written, and time does not count: otherwise all replicas would drop out
 * when their primary dies. Of a primary outside the pool nothing is known, so time counts.
 *
 * <p>The last lag is the server's, so that a probe with other settings goes on from there. Owned by one probe.
 */
public final class Lag {

    private final Optional<Duration> most;
    private final LongUnaryOperator writtenUntilNs;
    private final Server server;
    private final LongSupplier clockNs;

    /**
     * @param most           a replica that is further behind has no role; empty for no limit
     * @param writtenUntilNs until when the pool's primary may have written, given the present time
     * @param clockNs        as {@link System#nanoTime}
     */
    public Lag(Optional<Duration> most, LongUnaryOperator writtenUntilNs, Server server, LongSupplier clockNs) {
        this.most = most;
        this.writtenUntilNs = writtenUntilNs;
        this.server = server;
        this.clockNs = clockNs;
    }

    /** Whether there is a limit, so that the lag has to be measured. */
    boolean matters() {
        return most.isPresent();
    }

    /**
     * Judges a replica by its lag.
     *
     * @param reported what the server says, empty if it does not know
     * @param cause    why it does not know or lags, if that is known, for a log line; or empty
     */
    Finding judge(Optional<Duration> reported, String cause) {
        long nowNs = clockNs.getAsLong();
        Optional<Duration> lag = less(reported.map(Lag::notNegative), aged(nowNs));
        server.lag(lag.map(known -> new KnownLag(known, nowNs)).orElse(null));
        if (most.isEmpty()) {
            return new Finding(Role.REPLICA, 0, "");
        }
        String suffix = cause.isEmpty() ? "" : ", " + cause;
        if (lag.isEmpty()) {
            return new Finding(Role.NONE, 0, "behind by an unknown time" + suffix);
        }
        boolean isBehind = lag.get().compareTo(most.get()) > 0;
        String text = seconds(lag.get()) + " behind" + suffix;
        return isBehind
                ? new Finding(Role.NONE, 0, text + "; max-lag is " + seconds(most.get()))
                : new Finding(Role.REPLICA, 0, text);
    }

    /** Forgets the last lag, as the server is no replica at present, or nobody looks how far behind it is. */
    void forget() {
        server.lag(null);
    }

    /** The last lag, and the time since in which something may have been written. */
    private Optional<Duration> aged(long nowNs) {
        KnownLag last = server.lag();
        if (last == null) {
            return Optional.empty();
        }
        long sinceNs = writtenUntilNs.applyAsLong(nowNs) - last.atNs();
        return Optional.of(last.lag().plusNanos(Math.max(0, sinceNs)));
    }

    private static Optional<Duration> less(Optional<Duration> one, Optional<Duration> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.or(() -> other);
        }
        return one.get().compareTo(other.get()) < 0 ? one : other;
    }

    private static Duration notNegative(Duration lag) {
        return lag.isNegative() ? Duration.ZERO : lag;
    }

    private static String seconds(Duration lag) {
        long tenths = (lag.toMillis() + 50) / 100;
        return tenths % 10 == 0 ? tenths / 10 + " s" : tenths / 10 + "." + tenths % 10 + " s";
    }
}
