package io.sluice.l7.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.stats.Allocation;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Once its arrays have grown, the codec allocates nothing, whatever it reads. */
class AllocationTest {

    private static final int WARM_UP = 20_000;
    private static final int MEASURED = 20_000;

    private static final List<String> BROKEN = List.of(
            "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET /a#b HTTP/1.1\r\n", "GET / HTTP/1.1\r\nX : y\r\n");

    @Test
    void allocatesNothingForRequests() {
        RequestParser parser = new RequestParser(HttpLimits.DEFAULT);
        assertNoAllocation(Stream.concat(Samples.REQUESTS.stream(), BROKEN.stream()).toList(), in -> {
            parser.reset();
            parser.parse(in);
        });
    }

    @Test
    void allocatesNothingForResponses() {
        ResponseParser parser = new ResponseParser(HttpLimits.DEFAULT);
        assertNoAllocation(Samples.RESPONSES, in -> {
            parser.reset();
            parser.answers(HttpMethod.GET);
            parser.parse(in);
        });
    }

    @Test
    void allocatesNothingForBodies() {
        BodyFramer framer = new BodyFramer(HttpLimits.DEFAULT, ChunkParser.Output.CHUNKED);
        assertNoAllocation(Samples.CHUNKED_BODIES, in -> {
            framer.begin(BodyFraming.CHUNKED, -1);
            while (framer.next(in) == BodyEvent.DATA) {
                assertTrue(framer.runLength() > 0);
            }
        });
    }

    @Test
    void allocatesNothingForPaths() {
        PathNormalizer normalizer = new PathNormalizer(true);
        byte[] path = Pieces.bytes("/a/./b//%7euser/../%2f");
        byte[] target = new byte[path.length];
        assertNoAllocation(List.of(""), in -> normalizer.normalize(path, 0, path.length, target));
    }

    private static void assertNoAllocation(List<String> samples, Consumer<ByteBuffer> reading) {
        List<ByteBuffer> buffers = samples.stream().map(Pieces::bytes).map(Pieces::whole).map(List::getFirst).toList();
        int[] starts = buffers.stream().mapToInt(ByteBuffer::position).toArray();
        run(buffers, starts, reading, WARM_UP);
        long allocated = Allocation.by(() -> run(buffers, starts, reading, MEASURED));
        assertEquals(0, allocated / MEASURED, () -> allocated + " bytes in " + MEASURED + " rounds");
    }

    private static void run(List<ByteBuffer> buffers, int[] starts, Consumer<ByteBuffer> reading, int rounds) {
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < starts.length; i++) {
                reading.accept(buffers.get(i).position(starts[i]));
            }
        }
    }
}
