package io.sluice.l7.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyFramerTest {

    private static final HttpLimits LIMITS = new HttpLimits(1024, 10, 64);

    private final BodyFramer framer = new BodyFramer(LIMITS, ChunkParser.Output.DECODED);

    private static ByteBuffer buffer(String text) {
        return Pieces.whole(Pieces.bytes(text)).getFirst();
    }

    private void assertRun(String expected, ByteBuffer in) {
        assertEquals(BodyEvent.DATA, framer.next(in));
        byte[] run = new byte[framer.runLength()];
        in.get(framer.runOffset(), run);
        assertEquals(expected, Pieces.text(run, 0, run.length));
    }

    @Test
    void takesNothingIfThereIsNoBody() {
        framer.begin(BodyFraming.NONE, 5);
        ByteBuffer in = buffer("GET ");
        assertTrue(framer.isEnded());
        assertEquals(BodyEvent.END, framer.next(in));
        assertEquals(4, in.remaining());
        assertTrue(framer.onEndOfStream());
    }

    @Test
    void takesSoManyBytesAsTheLengthSays() {
        framer.begin(BodyFraming.LENGTH, 5);
        assertRun("he", buffer("he"));
        assertFalse(framer.isEnded());
        assertEquals(BodyEvent.NEED_MORE, framer.next(buffer("")));
        ByteBuffer in = buffer("lloGET ");
        assertRun("llo", in);
        assertTrue(framer.isEnded());
        assertEquals(BodyEvent.END, framer.next(in));
        assertEquals(4, in.remaining());
        assertEquals(5, framer.bodyBytes());
        assertTrue(framer.onEndOfStream());
    }

    @Test
    void countsBytesThatWentPastUnseen() {
        framer.begin(BodyFraming.LENGTH, 5);
        assertEquals(5, framer.spliceableBytes());
        assertEquals(5, framer.announcedBytes());
        framer.skip(3);
        assertEquals(2, framer.spliceableBytes());
        assertEquals(2, framer.announcedBytes());
        assertFalse(framer.isEnded());
        assertRun("lo", buffer("lo!"));
        framer.begin(BodyFraming.LENGTH, 5);
        framer.skip(5);
        assertTrue(framer.isEnded());
        assertEquals(5, framer.bodyBytes());
    }

    @Test
    void takesChunks() {
        framer.begin(BodyFraming.CHUNKED, -1);
        assertEquals(0, framer.spliceableBytes());
        ByteBuffer in = buffer("5\r\nhello\r\n0\r\nX: y\r\n\r\nGET ");
        assertRun("hello", in);
        assertFalse(framer.isEnded());
        assertEquals(BodyEvent.END, framer.next(in));
        assertTrue(framer.isEnded());
        assertEquals(1, framer.trailers().count());
        assertEquals(4, in.remaining());
        assertEquals(5, framer.bodyBytes());
        assertTrue(framer.onEndOfStream());
    }

    @Test
    void neverTakesTheNextMessageForTrailers() {
        framer.begin(BodyFraming.CHUNKED, -1);
        ByteBuffer in = buffer("0\r\n\r\nX: y\r\n\r\n");
        assertEquals(BodyEvent.END, framer.next(in));
        assertThrows(AssertionError.class, () -> framer.next(in));
        assertEquals(8, in.remaining());
    }

    @Test
    void countsDataOfAChunkThatWentPastUnseen() {
        framer.begin(BodyFraming.CHUNKED, -1);
        assertEquals(BodyEvent.NEED_MORE, framer.next(buffer("5")));
        assertEquals(0, framer.spliceableBytes(), "the size may have more digits");
        assertRun("he", buffer("\r\nhe"));
        assertEquals(3, framer.spliceableBytes());
        framer.skip(2);
        assertEquals(1, framer.spliceableBytes());
        framer.skip(1);
        assertEquals(0, framer.spliceableBytes());
        ByteBuffer in = buffer("\r\n1\r\n!\r\n0\r\n\r\n");
        assertRun("!", in);
        assertEquals(BodyEvent.END, framer.next(in));
        assertEquals(6, framer.bodyBytes());
    }

    @Test
    void checksTheEndOfAChunkWhoseDataWentPastUnseen() {
        framer.begin(BodyFraming.CHUNKED, -1);
        assertRun("he", buffer("5\r\nhe"));
        framer.skip(3);
        assertEquals(BodyEvent.REFUSED, framer.next(buffer("x")));
        assertEquals(HttpError.BAD_CHUNK_END, framer.error());
        assertEquals(0, framer.spliceableBytes());
    }

    @Test
    void takesAllUntilClose() {
        framer.begin(BodyFraming.UNTIL_CLOSE, -1);
        assertRun("more than ten", buffer("more than ten"));
        assertEquals(Long.MAX_VALUE, framer.spliceableBytes());
        assertEquals(0, framer.announcedBytes());
        framer.skip(3);
        assertFalse(framer.isEnded());
        assertEquals(16, framer.bodyBytes());
        assertTrue(framer.onEndOfStream());
        assertTrue(framer.isEnded());
        assertEquals(BodyEvent.END, framer.next(buffer("")));
    }

    @Test
    void knowsHowManyBytesAreCertainlyToCome() {
        assertEquals(0, framer.leastBytesToCome());
        framer.begin(BodyFraming.LENGTH, 5);
        assertRun("he", buffer("he"));
        assertEquals(3, framer.leastBytesToCome());
        assertRun("llo", buffer("llo"));
        assertEquals(0, framer.leastBytesToCome());
        framer.begin(BodyFraming.UNTIL_CLOSE, -1);
        assertEquals(Long.MAX_VALUE, framer.leastBytesToCome());
        framer.begin(BodyFraming.TUNNEL, -1);
        assertEquals(0, framer.leastBytesToCome());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "0\r\n\r\n", "0;x=y\r\n\r\n", "1\r\nx\r\n0\r\n\r\n", "5;a=b\r\nhello\r\n0C\r\n world again\r\n000\r\n\r\n",
        "1\r\nx\r\n0\r\nX: y\r\n\r\n"})
    void getsNothingOfTheNextMessageByReadingWhatIsCertainlyToCome(String body) {
        framer.begin(BodyFraming.CHUNKED, -1);
        ByteBuffer in = buffer(body + "GET / HTTP/1.1\r\n\r\n");
        int start = in.position();
        in.limit(start);
        BodyEvent event = BodyEvent.NEED_MORE;
        while (event != BodyEvent.END) {
            if (event == BodyEvent.NEED_MORE) {
                assertTrue(framer.leastBytesToCome() > 0);
                in.limit(in.position() + (int) framer.leastBytesToCome());
            }
            event = framer.next(in);
        }
        assertEquals(body.length(), in.limit() - start);
        assertEquals(0, framer.leastBytesToCome());
    }

    @Test
    void leavesATunnelToOthers() {
        framer.begin(BodyFraming.TUNNEL, -1);
        assertTrue(framer.isEnded());
        assertEquals(BodyEvent.END, framer.next(buffer("not HTTP")));
        assertEquals(0, framer.spliceableBytes());
    }

    @Test
    void findsABodyTruncatedThatEndsEarly() {
        framer.begin(BodyFraming.LENGTH, 5);
        assertRun("hell", buffer("hell"));
        assertFalse(framer.onEndOfStream());

        framer.begin(BodyFraming.CHUNKED, -1);
        assertRun("hello", buffer("5\r\nhello\r\n0\r\n"));
        assertFalse(framer.onEndOfStream());
        assertFalse(framer.isEnded());
    }

    @Test
    void refusesABodyBeyondTheLimit() {
        framer.begin(BodyFraming.CHUNKED, -1);
        assertNull(framer.limit(10));
        assertEquals(BodyEvent.REFUSED, framer.next(buffer("b\r\n")));
        assertEquals(HttpError.BODY_TOO_LARGE, framer.error());
        assertEquals(BodyEvent.REFUSED, framer.next(buffer("0123")));
    }

    @Test
    void refusesABodyAtOnceWhoseLengthIsBeyondTheLimit() {
        framer.begin(BodyFraming.LENGTH, 11);
        assertEquals(HttpError.BODY_TOO_LARGE, framer.limit(10));
        assertEquals(BodyEvent.REFUSED, framer.next(buffer("01234567890")));
        assertFalse(framer.isEnded());
    }

    @Test
    void takesABodyOfExactlyTheLimit() {
        framer.begin(BodyFraming.LENGTH, 10);
        assertNull(framer.limit(10));
        assertRun("0123456789", buffer("0123456789"));
        framer.begin(BodyFraming.CHUNKED, -1);
        assertNull(framer.limit(10));
        assertRun("0123456789", buffer("a\r\n0123456789"));
        framer.begin(BodyFraming.NONE, -1);
        assertNull(framer.limit(0));
    }

    @Test
    void countsBytesOfChunksThatWentPastUnseenTowardsTheLimit() {
        framer.begin(BodyFraming.CHUNKED, -1);
        framer.limit(200_000);
        assertEquals(BodyEvent.NEED_MORE, framer.next(buffer("30d3f\r\n")));
        framer.skip(199_999);
        assertEquals(199_999, framer.bodyBytes());
        assertRun("x", buffer("\r\n1\r\nx"));
        assertEquals(BodyEvent.REFUSED, framer.next(buffer("\r\n1\r\n")));
        assertEquals(HttpError.BODY_TOO_LARGE, framer.error());
    }

    @Test
    void forgetsTheLimitOfTheLastBody() {
        framer.begin(BodyFraming.CHUNKED, -1);
        framer.limit(10);
        framer.begin(BodyFraming.CHUNKED, -1);
        assertRun("more than ten", buffer("d\r\nmore than ten"));
    }

    @Test
    void forgetsTheLastBody() {
        framer.begin(BodyFraming.CHUNKED, -1);
        assertEquals(BodyEvent.REFUSED, framer.next(buffer("x")));
        framer.begin(BodyFraming.CHUNKED, -1);
        assertNull(framer.error());
        assertRun("hello", buffer("5\r\nhello"));
    }
}
