package io.sluice.bench.load;

/**
 * Open loop: requests are due by the {@link Schedule}, whether or not the one before has been answered. A client that
 * waits for a slow answer sends late and then catches up, but drops what is left of the warm-up at its end: otherwise,
 * if the server cannot keep the rate, the measurement would find nothing but the warm-up's requests.
 *
 * <p>Owned by one event loop.
 */
final class OpenLoop implements Agenda {

    private final Schedule schedule;
    private final int clients;
    private long sequence;
    private boolean measured;

    /** @param client the client's number; requests are assigned to all clients in turn */
    OpenLoop(Schedule schedule, int client, int clients) {
        this.schedule = schedule;
        this.clients = clients;
        sequence = client;
    }

    @Override
    public long nextDueNs(long nowNs) {
        if (nowNs >= schedule.measureFromNs()) {
            sequence = firstMeasured();
        }
        return sequence >= schedule.end() || nowNs >= schedule.lastSendNs() ? NONE : schedule.dueNs(sequence);
    }

    @Override
    public void take(long nowNs) {
        measured = sequence >= schedule.firstMeasured();
        sequence += clients;
    }

    @Override
    public boolean isMeasured() {
        return measured;
    }

    @Override
    public long left(long nowNs) {
        long end = Math.min(schedule.end(), schedule.firstDueFrom(nowNs));
        return turns(Math.max(0, end - firstMeasured()));
    }

    /** The next request of this client that is measured. */
    private long firstMeasured() {
        return sequence + turns(Math.max(0, schedule.firstMeasured() - sequence)) * clients;
    }

    /** How many turns of this client that number of requests spans. */
    private long turns(long requests) {
        return (requests + clients - 1) / clients;
    }
}
