package io.sluice.launcher.control;

import io.sluice.core.stats.Counter;
import io.sluice.core.worker.Listener;
import io.sluice.core.worker.Worker;
import io.sluice.launcher.overload.Relief;
import java.util.List;
import java.util.function.Supplier;

/** Takes load off the workers, whatever they serve at present. Owned by the control plane's scheduler. */
final class Shedding implements Relief {

    private final List<Worker> workers;
    private final Supplier<Assembly> current;

    Shedding(List<Worker> workers, Supplier<Assembly> current) {
        this.workers = workers;
        this.current = current;
    }

    @Override
    public List<Integer> importances() {
        return current.get().listeners().values().stream().map(served -> served.config().importance()).distinct()
                .sorted().toList();
    }

    @Override
    public void stopUpTo(int importance) {
        for (Served served : current.get().listeners().values()) {
            Listener listener = served.listener();
            boolean stops = served.config().importance() <= importance;
            if (stops && !listener.isStopped()) {
                Worker counting = workers.getFirst();
                counting.ask(() -> counting.stats().count(Counter.LISTENERS_STOPPED));
            }
            listener.stop(stops);
        }
    }

    @Override
    public void closeIdle() {
        Assembly serving = current.get();
        for (int i = 0; i < workers.size(); i++) {
            Worker worker = workers.get(i);
            worker.askToCloseIdleSessions();
            serving.httpPools().get(i).values().forEach(pool -> worker.ask(() ->
                    worker.stats().add(Counter.IDLE_SERVER_CONNECTIONS_CLOSED, pool.closeIdle())));
        }
    }
}
