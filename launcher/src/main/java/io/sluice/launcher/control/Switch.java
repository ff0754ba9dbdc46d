package io.sluice.launcher.control;

import io.sluice.core.worker.Snapshot;
import io.sluice.core.worker.Worker;
import io.sluice.l7.proxy.HttpPool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Phaser;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;

/**
 * Takes all workers from one generation to the next, in steps; each step begins when all workers have done the one
 * before:
 *
 * <ol>
 * <li>Workers serve the new snapshot. It still has the listeners that will go, since a worker may be about to pass one
 *     of their clients on to another worker.
 * <li>Workers accept from the new listening sockets, and close those that the next generation does not have.
 * <li>Workers serve the snapshot without the listeners that go. Idle sessions of these listeners end.
 * </ol>
 *
 * <p>Owned by the control plane.
 */
final class Switch {

    private final List<Worker> workers;

    Switch(List<Worker> workers) {
        this.workers = workers;
    }

    /** Returns when all workers have switched. An interrupt does not stop it half-way, and is kept for the caller. */
    void between(Assembly before, Assembly next) {
        serve(worker -> next.snapshotWith(before, worker));
        next.listeners().values().forEach(served -> acceptNew(served, before));
        List<Binding> kept = next.bindings();
        before.bindings().stream().filter(binding -> !kept.contains(binding)).forEach(this::close);
        askAll(Worker::ask);
        serve(next::snapshot);
        for (int worker = 0; worker < workers.size(); worker++) {
            endHttpPools(workers.get(worker), before.httpPools().get(worker), next.httpPools().get(worker));
        }
    }

    /** Closes all listening sockets. @param mostIdle how long a session may be idle from now on */
    void stopAccepting(Duration mostIdle) {
        askAll((worker, done) -> worker.askToDrain(mostIdle.toNanos(), done));
    }

    private void serve(IntFunction<Snapshot> snapshots) {
        askAll((worker, done) -> worker.askToServe(snapshots.apply(worker.loop().index()), done));
    }

    private void acceptNew(Served served, Assembly before) {
        Served earlier = before.listeners().get(served.config().name());
        boolean isSame = earlier != null && earlier.listener() == served.listener();
        for (Binding binding : served.bindings()) {
            if (!isSame || !earlier.bindings().contains(binding)) {
                binding.forEach(workers, (worker, socket) -> worker.askToAccept(served.listener(), socket));
            }
        }
    }

    private void close(Binding binding) {
        binding.forEach(workers, Worker::askToStopAccepting);
    }

    private static void endHttpPools(Worker worker, Map<String, HttpPool> before, Map<String, HttpPool> next) {
        before.forEach((name, pool) -> {
            HttpPool successor = next.get(name);
            if (successor == null || !successor.follows(pool)) {
                worker.ask(pool::end);
            }
        });
    }

    /** Returns when all workers have run what they were asked to run at the end. */
    private void askAll(BiConsumer<Worker, Runnable> ask) {
        Phaser done = new Phaser(workers.size());
        workers.forEach(worker -> ask.accept(worker, done::arrive));
        done.awaitAdvance(0);
    }
}
