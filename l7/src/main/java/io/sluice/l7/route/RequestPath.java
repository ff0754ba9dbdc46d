package io.sluice.l7.route;

import io.sluice.l7.http.HttpError;
import io.sluice.l7.http.HttpMethod;
import io.sluice.l7.http.PathNormalizer;
import io.sluice.l7.http.RequestParser;
import io.sluice.l7.http.TargetForm;

/**
 * The path of the current request. It is brought to normal form before it is matched, and what is matched is also what
 * is forwarded, unless the route rewrites it. Owned by one event loop.
 */
public final class RequestPath {

    private static final byte[] ROOT = {'/'};
    private static final byte[] ASTERISK = {'*'};

    private final PathNormalizer normalizer;
    private byte[] scratch = new byte[256];
    private byte[] rewritten = new byte[256];
    private byte[] bytes = ROOT;
    private int offset;
    private int length;

    public RequestPath(boolean slashesMerged) {
        normalizer = new PathNormalizer(slashesMerged);
    }

    /** The array that holds the path at present. Must not be changed. */
    public byte[] bytes() {
        return bytes;
    }

    public int offset() {
        return offset;
    }

    public int length() {
        return length;
    }

    /** Takes a request's path. @return null, or why the request is refused */
    public HttpError take(RequestParser request) {
        if (request.targetForm() == TargetForm.ASTERISK || isOfServer(request)) {
            set(ASTERISK, 0, 1);
            return null;
        }
        if (request.pathLength() == 0) {
            set(ROOT, 0, 1);
            return null;
        }
        set(request.bytes(), request.pathOffset(), request.pathLength());
        int written = normalizer.normalize(bytes, offset, length, scratch(length));
        if (written == PathNormalizer.REFUSED) {
            return normalizer.error();
        }
        if (written != PathNormalizer.ALREADY_NORMAL) {
            set(scratch, 0, written);
        }
        return null;
    }

    /** If the path was refused: the position of the fault in the request's head. */
    public int faultPosition() {
        return normalizer.faultPosition();
    }

    /** Whether the request is about the whole server, named by an absolute URI (RFC 9112, section 3.2.4). */
    private static boolean isOfServer(RequestParser request) {
        return request.method() == HttpMethod.OPTIONS && request.pathLength() == 0 && request.queryLength() == 0;
    }

    /** Changes the path as its route demands. */
    public void rewrite(Rewrite rewrite) {
        int most = length + rewrite.mostGrowth();
        if (rewritten.length < most) {
            rewritten = new byte[Math.max(most, 2 * rewritten.length)];
        }
        int written = rewrite.apply(bytes, offset, length, rewritten);
        if (written != Rewrite.UNCHANGED) {
            set(rewritten, 0, written);
        }
    }

    private void set(byte[] source, int from, int count) {
        bytes = source;
        offset = from;
        length = count;
    }

    private byte[] scratch(int least) {
        if (scratch.length < least) {
            scratch = new byte[Math.max(least, 2 * scratch.length)];
        }
        return scratch;
    }
}
