package io.sluice.core.stats;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * One worker's counts and times of one listener, route or server. Recorders are made at their first use. Written by its
 * event loop alone; read by any thread.
 */
public final class Traffic extends Tally<TrafficCount> {

    private final Reasons errors = new Reasons();
    private final Reasons refusedResponses = new Reasons();
    private final AtomicReferenceArray<Recorder> recorders = new AtomicReferenceArray<>(Latency.values().length);

    public Traffic() {
        super(TrafficCount.class);
    }

    /** What went wrong, or was refused, by name. */
    public Reasons errors() {
        return errors;
    }

    /** Of an HTTP server: what was malformed in its responses, by name. */
    public Reasons refusedResponses() {
        return refusedResponses;
    }

    public void record(Latency latency, long ns) {
        Recorder recorder = recorders.getPlain(latency.ordinal());
        if (recorder == null) {
            recorder = new Recorder();
            recorders.setRelease(latency.ordinal(), recorder);
        }
        recorder.record(ns);
    }

    /** How many times of this kind have been recorded; what is read of them after this includes them. */
    long recorded(Latency latency) {
        Recorder recorder = recorder(latency);
        return recorder == null ? 0 : recorder.count();
    }

    /** Null if nothing has been timed. */
    Recorder recorder(Latency latency) {
        return recorders.getAcquire(latency.ordinal());
    }
}
