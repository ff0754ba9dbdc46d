package io.sluice.core.worker;

import java.util.List;

/**
 * Decides which worker serves a new connection. The kernel spreads connections over the workers' sockets by hash, which
 * is uneven for the few and long-lived connections that databases see; so a worker with more connections than others
 * passes new ones on. Safe from any thread.
 */
public final class Placement {

    /** A worker keeps a connection unless its load exceeds that of the least loaded by more than 1/8. */
    private static final int SLACK_SHIFT = 3;

    private List<Worker> workers = List.of();

    /** All workers; set once, before the first of them runs. */
    public void workers(List<Worker> all) {
        workers = List.copyOf(all);
    }

    /** The worker to serve one more connection that {@code accepting} has accepted; the connection is counted there. */
    Worker place(Worker accepting) {
        Worker least = accepting;
        int leastLoad = accepting.load().get();
        int ownLoad = leastLoad;
        for (int i = 0; i < workers.size(); i++) {
            Worker worker = workers.get(i);
            int load = worker.load().get();
            if (load < leastLoad) {
                least = worker;
                leastLoad = load;
            }
        }
        Worker chosen = ownLoad > leastLoad + (leastLoad >> SLACK_SHIFT) ? least : accepting;
        chosen.load().incrementAndGet();
        return chosen;
    }
}
