package io.sluice.l7.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.l7.http.HttpError;
import io.sluice.l7.proxy.RefusedMessage.Parties;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RefusedMessagesTest {

    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final RefusedMessages messages = new RefusedMessages();

    @Test
    void tellsResponsesFromRequests() {
        messages.add(new Parties("in", "192.0.2.1:5", null, null), HttpError.BARE_LF, fault(0));
        messages.add(new Parties("in", "192.0.2.1:5", "pool", "server"), HttpError.BARE_CR, fault(1));
        assertEquals(List.of(false, true), messages.kept().stream().map(RefusedMessage::isResponse).toList());
    }

    @Test
    void keepsTheLast() {
        for (int i = 0; i < RefusedMessages.MOST + 10; i++) {
            add(i);
        }
        assertEquals(LongStream.range(10, RefusedMessages.MOST + 10).boxed().toList(),
                messages.kept().stream().map(message -> message.fault().offset()).sorted().toList());
    }

    @Test
    void wantsAFewOfEachSecond() {
        long nowNs = 5 * SECOND_NS;
        for (int i = 0; i < RefusedMessages.MOST_PER_SECOND; i++) {
            assertTrue(messages.wantsOne(nowNs));
            add(i);
        }
        assertFalse(messages.wantsOne(nowNs + SECOND_NS - 1));
        assertTrue(messages.wantsOne(nowNs + SECOND_NS));
    }

    @Test
    void showsABodyFromTheFaultOnAndLeavesItsBytesWhereTheyAre() {
        ByteBuffer rest = ByteBuffer.wrap("goodxyz".getBytes(StandardCharsets.ISO_8859_1)).position(4);
        assertEquals(new Fault(Fault.Part.BODY, 9, new Excerpt("", "x", "yz")), Fault.inBody(9, rest));
        assertEquals(4, rest.position());
        assertEquals(new Excerpt("", "", ""), Fault.inBody(9, null).excerpt());
    }

    private void add(long offset) {
        messages.add(new Parties("in", "192.0.2.1:5", null, null), HttpError.BARE_LF, fault(offset));
    }

    private static Fault fault(long offset) {
        return new Fault(Fault.Part.HEAD, offset, new Excerpt("", "", ""));
    }
}
