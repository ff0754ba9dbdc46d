package io.sluice.l7.route;

import io.sluice.l7.http.HttpError;
import io.sluice.l7.http.RequestParser;

/**
 * A request as routes see it: its head, its path and its client; and memory to find things in it, so that this
 * allocates nothing. Owned by one event loop; used again for other requests.
 */
public final class RoutedRequest {

    /** The length of a host name at most: the DNS has no longer ones. */
    static final int MOST_HOST_BYTES = 255;

    private final RequestParser head;
    private final RequestPath path;
    private final Pairs.Range found = new Pairs.Range();
    private final byte[] host = new byte[MOST_HOST_BYTES];
    private Client client;

    /** @param head of each request in turn */
    public RoutedRequest(RequestParser head, boolean slashesMerged) {
        this.head = head;
        path = new RequestPath(slashesMerged);
    }

    /** Takes the request whose head is whole now. @return null, or why it is refused */
    public HttpError take(Client from) {
        client = from;
        return path.take(head);
    }

    /** Makes ready for the head of another request. */
    public void reset() {
        head.reset();
        client = null;
    }

    public RequestParser head() {
        return head;
    }

    public RequestPath path() {
        return path;
    }

    /** Whose it is. */
    public Client client() {
        return client;
    }

    /** The part of the head that was found last. */
    Pairs.Range found() {
        return found;
    }

    /** The first so many bytes of the host in lower case. @param length at most {@link #MOST_HOST_BYTES} */
    byte[] lowerCaseHost(int length) {
        byte[] source = head.bytes();
        int offset = head.hostOffset();
        for (int i = 0; i < length; i++) {
            byte octet = source[offset + i];
            host[i] = octet >= 'A' && octet <= 'Z' ? (byte) (octet | 0x20) : octet;
        }
        return host;
    }
}
