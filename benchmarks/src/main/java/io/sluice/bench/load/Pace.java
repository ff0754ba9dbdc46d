package io.sluice.bench.load;

/**
 * How many ask, and how fast. Immutable.
 *
 * @param threads       event loops, among which the connections are dealt out
 * @param connections   all together
 * @param ratePerSecond requests in a second, all connections together; {@link #CLOSED_LOOP} for as many as get answers
 * @param requests      how many are measured; {@link #UNLIMITED} for as many as fit in the time
 */
public record Pace(int threads, int connections, double ratePerSecond, long requests) {

    /** Each connection sends its next request when it has its answer. */
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
