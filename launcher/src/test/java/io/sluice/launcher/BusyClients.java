package io.sluice.launcher;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Clients of several kinds that ask again and again, until this is closed. */
final class BusyClients implements AutoCloseable {

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, AtomicLong> answers = new ConcurrentHashMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;

    /** Adds a client; the first thing that goes wrong ends it. @param ask whether the answer was right */
    void add(String kind, Callable<Boolean> ask) {
        AtomicLong count = answers.computeIfAbsent(kind, _ -> new AtomicLong());
        threads.execute(() -> {
            try {
                while (!stopped) {
                    if (!ask.call()) {
                        throw new IOException("a wrong answer");
                    }
                    count.incrementAndGet();
                }
            } catch (Exception e) {
                failures.add(kind + " client, after " + count + " answers: " + e);
            }
        });
    }

    /** Waits until clients of each kind have got so many more answers, or one has failed. */
    void awaitAnswers(long more) {
        Map<String, Long> wanted = new HashMap<>();
        answers.forEach((kind, count) -> wanted.put(kind, count.get() + more));
        await().pollInterval(Duration.ofMillis(5)).atMost(Duration.ofSeconds(30)).until(() -> haveFailed()
                || wanted.entrySet().stream().allMatch(one -> answers.get(one.getKey()).get() >= one.getValue()));
    }

    boolean haveFailed() {
        return !failures.isEmpty();
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        stopped = true;
        threads.close();
    }
}
