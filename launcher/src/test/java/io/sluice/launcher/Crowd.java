package io.sluice.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many clients at a time. */
final class Crowd {

    private Crowd() { }

    /** Has each of {@code clients} threads do {@code work} {@code times} times; gives all results. */
    static <T> List<T> each(int clients, int times, Callable<T> work) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<T>>> running = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                running.add(threads.submit(() -> repeat(times, work)));
            }
            List<T> results = new ArrayList<>();
            for (Future<List<T>> one : running) {
                results.addAll(one.get());
            }
            return results;
        }
    }

    private static <T> List<T> repeat(int times, Callable<T> work) throws Exception {
        List<T> results = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            results.add(work.call());
        }
        return results;
    }
}
