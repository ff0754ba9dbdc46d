package io.sluice.l7.proxy;

import io.sluice.core.log.Addresses;
import io.sluice.l7.http.HttpError;
import io.sluice.l7.http.RequestParser;
import io.sluice.l7.proxy.RefusedRequest.Part;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The requests that one worker has refused last, each in short, in a ring. Who sends nothing else costs little: of one
 * second only a few are kept. Written by the worker's event loop alone; read by anyone.
 */
final class RefusedRequests {

    /** Kept at a time. */
    static final int MOST = 64;
    /** Kept of one second. */
    static final int MOST_PER_SECOND = 16;

    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final AtomicReferenceArray<RefusedRequest> ring = new AtomicReferenceArray<>(MOST);
    private long added;
    private long secondStartNs;
    private int ofThisSecond;

    /** Those that are kept, in no particular order. Safe from any thread. */
    List<RefusedRequest> kept() {
        List<RefusedRequest> kept = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            RefusedRequest request = ring.getAcquire(i);
            if (request != null) {
                kept.add(request);
            }
        }
        return kept;
    }

    /** Whether one more is wanted at this time. */
    boolean wantsOne(long nowNs) {
        if (nowNs - secondStartNs >= SECOND_NS) {
            secondStartNs = nowNs;
            ofThisSecond = 0;
        }
        return ofThisSecond < MOST_PER_SECOND;
    }

    void add(String listener, InetSocketAddress client, HttpError reason, RequestTransfer request) {
        ofThisSecond++;
        RequestParser head = request.head();
        Part part = head.isComplete() && !isOfPath(reason) ? Part.BODY : Part.HEAD;
        long offset = switch (part) {
            case BODY -> request.bodyBytes();
            case HEAD -> head.isComplete() ? request.pathFault() : head.faultPosition();
        };
        Excerpt excerpt = switch (part) {
            case BODY -> Excerpt.of(bytes(request.bodyAtFault()), 0);
            case HEAD -> Excerpt.ofHead(head.bytes(), head.headLength(), (int) offset);
        };
        ring.setRelease((int) (added++ % MOST), new RefusedRequest(Instant.now(), listener, Addresses.toText(client),
                reason, part, offset, excerpt.before(), excerpt.at(), excerpt.after()));
    }

    /** Paths are judged once their heads are whole and sound. */
    private static boolean isOfPath(HttpError reason) {
        return switch (reason) {
            case BAD_PERCENT_ENCODING, ENCODED_NUL, PATH_ABOVE_ROOT -> true;
            default -> false;
        };
    }

    private static byte[] bytes(ByteBuffer buffer) {
        if (buffer == null) {
            return new byte[0];
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }
}
