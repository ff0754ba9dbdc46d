package io.sluice.l7.proxy;

import io.sluice.l7.http.HttpError;
import java.time.Instant;

/**
 * A request that was refused, for an operator to look at. Bytes are written as in source code: {@code \r}, {@code \n},
 * {@code \x00}. Immutable.
 *
 * @param at       when
 * @param listener by name
 * @param client   address and port, from a PROXY protocol header if one was accepted
 * @param reason   what is wrong with it
 * @param part     what the offset counts in
 * @param offset   of the byte at fault, from 0
 * @param before   what precedes that byte; not from the beginning if that is far away
 * @param fault    the byte itself; empty if it is missing
 * @param after    what follows it; not to the end if that is far away
 */
public record RefusedRequest(
        Instant at,
        String listener,
        String client,
        HttpError reason,
        Part part,
        long offset,
        String before,
        String fault,
        String after) {

    /** Of a request. */
    public enum Part {
        /** Request line and fields. */
        HEAD,
        /** Without the framing of chunks. */
        BODY
    }
}
