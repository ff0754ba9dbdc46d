package io.sluice.core.loop;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Handing work to an event loop. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MailboxBenchmark {

    /** A loop that is awake: what the queue itself costs, on one thread. */
    @Benchmark
    public Runnable postAndPoll(Awake awake) {
        awake.mailbox.post(awake.work);
        return awake.mailbox.poll();
    }

    /** A loop that sleeps: until its thread has been woken and has done the work. */
    @Benchmark
    public void handOver(Asleep asleep) {
        asleep.done = false;
        asleep.loop.mailbox().post(asleep.work);
        while (!asleep.done) {
            Thread.onSpinWait();
        }
    }

    /** The loop's thread and the poster's are one. */
    @State(Scope.Thread)
    public static class Awake {
        final Mailbox mailbox = new Mailbox(() -> { });
        final Runnable work = () -> { };
    }

    /** A loop with nothing else to do, on a thread of its own. */
    @State(Scope.Benchmark)
    public static class Asleep {
        EventLoop loop;
        volatile boolean done;
        final Runnable work = () -> done = true;
        private Thread thread;

        @Setup
        public void start() {
            loop = new EventLoop();
            thread = Thread.ofPlatform().daemon().start(loop);
        }

        @TearDown
        public void stop() throws InterruptedException {
            loop.stop();
            thread.join();
        }
    }
}
