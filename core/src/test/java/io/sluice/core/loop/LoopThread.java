package io.sluice.core.loop;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** An event loop on a thread of its own. What its thread dies of, {@link #close} throws. Safe from any thread. */
public final class LoopThread implements AutoCloseable {

    private final EventLoop loop = new EventLoop();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final Thread thread = Thread.ofPlatform().name("loop under test").unstarted(this::run);

    public LoopThread() {
        thread.start();
    }

    public EventLoop loop() {
        return loop;
    }

    public Thread thread() {
        return thread;
    }

    /** Has the loop's thread do this and waits for the result. */
    public <T> T call(Callable<T> work) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.mailbox().post(() -> {
            try {
                result.complete(work.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(20, TimeUnit.SECONDS);
    }

    /** Has the loop's thread do this and waits until it has. */
    public void run(Runnable work) throws Exception {
        call(() -> {
            work.run();
            return null;
        });
    }

    @Override
    public void close() {
        loop.stop();
        end.orTimeout(20, TimeUnit.SECONDS).join();
    }

    private void run() {
        try {
            loop.run();
            end.complete(null);
        } catch (Throwable e) {
            end.completeExceptionally(e);
        }
    }
}
