package io.sluice.l7.http;

import io.sluice.l7.http.ChunkParser.Output;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A chunked body of 16 KiB in small or in large chunks, with its framing kept or taken away. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChunkParserBenchmark {

    private static final int BODY_BYTES = 16 * 1024;

    @Param({"64", "4096"})
    int chunkBytes;

    @Param
    Output output;

    private ChunkParser parser;
    private ByteBuffer body;

    @Setup
    public void frame() {
        parser = new ChunkParser(HttpLimits.DEFAULT, output);
        String chunk = Integer.toHexString(chunkBytes) + "\r\n" + "x".repeat(chunkBytes) + "\r\n";
        byte[] bytes = (chunk.repeat(BODY_BYTES / chunkBytes) + "0\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        body = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    @Benchmark
    public int parse() {
        parser.reset();
        body.rewind();
        int bytes = 0;
        while (parser.next(body) == BodyEvent.DATA) {
            bytes += parser.runLength();
        }
        return bytes;
    }
}
