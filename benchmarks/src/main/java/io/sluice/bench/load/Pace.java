package io.sluice.bench.load;

/**
 * The number of connections, and how fast they send. Immutable.
 *
 * @param threads       event loops, over which the connections are spread
 * @param connections   connections of all threads together
 * @param ratePerSecond requests per second of all connections together; or {@link #CLOSED_LOOP}
 * @param requests      how many to measure; {@link #UNLIMITED} for as many as fit into the time
 */
public record Pace(int threads, int connections, double ratePerSecond, long requests) {

    /** Each connection sends its next request when the answer has come. */
    public static final double CLOSED_LOOP = 0;
    public static final long UNLIMITED = 0;

    public Pace {
        if (threads < 1 || connections < threads || !(ratePerSecond >= 0) || requests < 0) {
            throw new IllegalArgumentException("not a pace: " + threads + " threads, " + connections
                    + " connections, rate " + ratePerSecond + ", " + requests + " requests");
        }
    }

    public boolean isOpenLoop() {
        return ratePerSecond > CLOSED_LOOP;
    }
}
