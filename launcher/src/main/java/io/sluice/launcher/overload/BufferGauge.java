package io.sluice.launcher.overload;

import io.sluice.config.OverloadConfig;
import io.sluice.core.buffer.BufferPool;
import io.sluice.core.worker.Worker;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;

/**
 * Direct memory: buffers that hold bytes in flight, as a share of the buffers allowed. A pool's free buffers count as
 * free, although the JVM has allocated them. Each call asks the workers for their numbers and returns the answers to
 * the call before. Used by one thread.
 */
public final class BufferGauge implements Gauge {

    private final List<Worker> workers;
    private final AtomicIntegerArray inUse;
    /** What each worker is asked to do, made once. */
    private final List<Runnable> questions;

    public BufferGauge(List<Worker> workers) {
        this.workers = List.copyOf(workers);
        inUse = new AtomicIntegerArray(workers.size());
        questions = IntStream.range(0, workers.size()).<Runnable>mapToObj(worker -> {
            BufferPool buffers = workers.get(worker).buffers();
            return () -> inUse.set(worker, buffers.inUse());
        }).toList();
    }

    @Override
    public String name() {
        return "direct memory";
    }

    @Override
    public double share() {
        long used = 0;
        long bound = 0;
        for (int i = 0; i < workers.size(); i++) {
            used += inUse.get(i);
            bound += workers.get(i).buffers().most();
            workers.get(i).ask(questions.get(i));
        }
        return (double) used / bound;
    }

    @Override
    public int limitPercent(OverloadConfig config) {
        return config.directMemory();
    }
}
