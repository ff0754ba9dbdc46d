package io.sluice.l7.proxy;

import io.sluice.l7.http.HeadParser;
import java.nio.ByteBuffer;

/**
 * Where a message breaks the rules. Immutable.
 *
 * @param part    what the offset counts in
 * @param offset  of the byte at fault, from 0
 * @param excerpt the bytes around it
 */
public record Fault(Part part, long offset, Excerpt excerpt) {

    /** Of a message. */
    public enum Part {
        /** The first line and the fields. */
        HEAD,
        /** Without the framing of chunks. */
        BODY
    }

    static Fault inHead(HeadParser head, int offset) {
        return new Fault(Part.HEAD, offset, Excerpt.ofHead(head.bytes(), head.headLength(), offset));
    }

    /** @param rest the bytes from the one at fault on, which stay there; null if there are none */
    static Fault inBody(long offset, ByteBuffer rest) {
        byte[] bytes = new byte[rest == null ? 0 : rest.remaining()];
        if (rest != null) {
            rest.get(rest.position(), bytes);
        }
        return new Fault(Part.BODY, offset, Excerpt.of(bytes, 0));
    }
}
