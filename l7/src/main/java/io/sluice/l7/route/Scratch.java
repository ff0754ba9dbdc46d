package io.sluice.l7.route;

/** Memory for finding things in requests, kept so that it is not allocated each time. Owned by one event loop. */
public final class Scratch {

    /** The length of a host name at most: the DNS has no longer ones. */
    static final int MOST_HOST_BYTES = 255;

    private final Pairs.Range found = new Pairs.Range();
    private final byte[] host = new byte[MOST_HOST_BYTES];

    Pairs.Range found() {
        return found;
    }

    /** A host name in lower case, valid until the next call. @param length at most {@link #MOST_HOST_BYTES} */
    byte[] lowerCase(byte[] source, int offset, int length) {
        for (int i = 0; i < length; i++) {
            byte octet = source[offset + i];
            host[i] = octet >= 'A' && octet <= 'Z' ? (byte) (octet | 0x20) : octet;
        }
        return host;
    }
}
