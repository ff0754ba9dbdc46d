package io.sluice.core.relay;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.buffer.PipePool;
import io.sluice.core.buffer.Vessels;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.HandDriven;
import io.sluice.core.stats.WorkerStats;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One message through a relay, over loopback sockets and all on one thread: the client's write, a turn of the event
 * loop with its reads and writes, and the server's read. Mostly the kernel's time.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RelayBenchmark {

    private static final int BUFFER_BYTES = 32 * 1024;

    @Param({"128", "16384", "131072"})
    int messageBytes;

    /** With pipes, messages of 16 KiB and more are spliced; without, all are copied. */
    @Param({"0", "2"})
    int pipes;

    private final HandDriven driven = new HandDriven();
    private byte[] message;
    private RelayFixture fixture;

    @Setup
    public void connect() throws IOException {
        message = new byte[messageBytes];
        Vessels vessels = new Vessels(new BufferPool(driven.loop(), BUFFER_BYTES, 4),
                new PipePool(driven.loop(), pipes), new WorkerStats());
        fixture = new RelayFixture(driven.loop(), vessels, RelayFixture.LONG);
        fixture.relay().start();
    }

    @TearDown
    public void close() throws IOException {
        fixture.relay().abort(Termination.KILLED_DATA);
        fixture.close();
        driven.close();
    }

    @Benchmark
    public void pump() throws IOException {
        fixture.client.getOutputStream().write(message);
        InputStream received = fixture.server.getInputStream();
        for (int bytes = 0; bytes < messageBytes; ) {
            driven.turn();
            int count = received.read(message, 0, messageBytes - bytes);
            if (count < 0) {
                throw new EOFException();
            }
            bytes += count;
        }
    }
}
