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
        BODY,
        /** The fields behind a chunked body. */
        TRAILERS
    }

    static Fault inHead(HeadParser head, int offset) {
        return inFields(Part.HEAD, head, offset);
    }

    private static Fault inFields(Part part, HeadParser parser, int offset) {
        return new Fault(part, offset, Excerpt.ofHead(parser.bytes(), parser.headLength(), offset));
    }

    static Fault inTrailers(HeadParser trailers) {
        return inFields(Part.TRAILERS, trailers, trailers.faultPosition());
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
