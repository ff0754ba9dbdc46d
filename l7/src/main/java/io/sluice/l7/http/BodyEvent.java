package io.sluice.l7.http;

/** The result of framing the next bytes of a body. */
public enum BodyEvent {
    /** A run of bytes to relay: {@code runOffset()} and {@code runLength()} in the buffer given. */
    DATA,
    /** All bytes given were taken and the body goes on. */
    NEED_MORE,
    /** The body is whole; the bytes left in the buffer belong to the next message. */
    END,
    /** The body breaks its framing; {@code error()} says how. The message must not end as a complete one. */
    REFUSED
}
