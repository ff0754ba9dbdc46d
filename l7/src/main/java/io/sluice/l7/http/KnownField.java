package io.sluice.l7.http;

import java.util.Arrays;

/** The fields that Sluice acts on, found by name without a string. Immutable. */
public enum KnownField {

    HOST("host", Role.FRAMES),
    CONTENT_LENGTH("content-length", Role.FRAMES),
    TRANSFER_ENCODING("transfer-encoding", Role.FRAMES),

    CONNECTION("connection", Role.HOP_BY_HOP),
    KEEP_ALIVE("keep-alive", Role.HOP_BY_HOP),
    PROXY_CONNECTION("proxy-connection", Role.HOP_BY_HOP),
    TE("te", Role.HOP_BY_HOP),
    UPGRADE("upgrade", Role.HOP_BY_HOP),

    AUTHORIZATION("authorization", Role.STEERS),
    CACHE_CONTROL("cache-control", Role.STEERS),
    CONTENT_ENCODING("content-encoding", Role.STEERS),
    CONTENT_RANGE("content-range", Role.STEERS),
    CONTENT_TYPE("content-type", Role.STEERS),
    COOKIE("cookie", Role.STEERS),
    EXPECT("expect", Role.STEERS),
    FORWARDED("forwarded", Role.STEERS),
    LOCATION("location", Role.STEERS),
    MAX_FORWARDS("max-forwards", Role.STEERS),
    PROXY_AUTHORIZATION("proxy-authorization", Role.STEERS),
    SET_COOKIE("set-cookie", Role.STEERS),
    TRAILER("trailer", Role.STEERS),
    X_FORWARDED_FOR("x-forwarded-for", Role.STEERS),
    X_FORWARDED_HOST("x-forwarded-host", Role.STEERS),
    X_FORWARDED_PORT("x-forwarded-port", Role.STEERS),
    X_FORWARDED_PROTO("x-forwarded-proto", Role.STEERS),
    X_REAL_IP("x-real-ip", Role.STEERS),

    ACCEPT("accept", Role.INFORMS),
    DATE("date", Role.INFORMS),
    REFERER("referer", Role.INFORMS),
    SERVER("server", Role.INFORMS),
    USER_AGENT("user-agent", Role.INFORMS),
    VIA("via", Role.INFORMS),
    X_REQUEST_ID("x-request-id", Role.INFORMS);

    /** The id of a field without a constant. */
    static final int UNKNOWN = -1;

    private static final KnownField[] FIELDS = values();
    private static final int SLOTS = 64;
    private static final byte[] BY_HASH = new byte[SLOTS];
    private static final byte[][] TEXTS = new byte[FIELDS.length][];
    private static final byte[] LENGTHS = new byte[FIELDS.length];

    static {
        Arrays.fill(BY_HASH, (byte) UNKNOWN);
        for (KnownField field : FIELDS) {
            byte[] text = Octets.ascii(field.text);
            int slot = hash(text, 0, text.length);
            if (BY_HASH[slot] != UNKNOWN) {
                throw new AssertionError(field + " and " + FIELDS[BY_HASH[slot]] + " share a slot: choose new factors");
            }
            BY_HASH[slot] = (byte) field.ordinal();
            LENGTHS[field.ordinal()] = (byte) text.length;
            TEXTS[field.ordinal()] = Arrays.copyOf(text, text.length + Octets.PADDING);
        }
    }

    private final String text;
    private final Role role;

    KnownField(String text, Role role) {
        this.text = text;
        this.role = role;
    }

    /** The name in lower case. */
    public String text() {
        return text;
    }

    /** Whether the field is for one connection only and never forwarded (RFC 9110, section 7.6.1). */
    public boolean isHopByHop() {
        return role == Role.HOP_BY_HOP;
    }

    /** Whether the field frames or routes a message, so that Connection must not name it. */
    boolean isFraming() {
        return role == Role.FRAMES;
    }

    /** Whether the field may be a trailer: not if recipients act on it before the body. */
    boolean isTrailer() {
        return role == Role.INFORMS;
    }

    static KnownField of(int id) {
        return FIELDS[id];
    }

    /** The ordinal of the field with that name, in any case, or {@link #UNKNOWN}. The name must be a token. */
    static int idOf(byte[] bytes, int offset, int length) {
        int id = BY_HASH[hash(bytes, offset, length)];
        return id != UNKNOWN && LENGTHS[id] == length && matches(TEXTS[id], bytes, offset, length) ? id : UNKNOWN;
    }

    /** A perfect hash of the names above; the factors were found by trial. */
    private static int hash(byte[] bytes, int offset, int length) {
        int first = bytes[offset] | 0x20;
        int late = bytes[offset + (length * 3 >> 2)] | 0x20;
        return length * 4 + first * 15 + late * 49 & SLOTS - 1;
    }

    /** Compares eight padded bytes at a time, with the case bit set, which makes no other byte of a token a letter. */
    private static boolean matches(byte[] text, byte[] bytes, int offset, int length) {
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            if (Octets.lowerCaseWord(bytes, offset + i) != Octets.lowerCaseWord(text, i)) {
                return false;
            }
        }
        int rest = length - i;
        long difference = Octets.lowerCaseWord(bytes, offset + i) ^ Octets.lowerCaseWord(text, i);
        return rest == 0 || difference << Long.SIZE - rest * Byte.SIZE == 0;
    }

    /** The role of a field for the codec. */
    private enum Role {
        /** Frames or routes the message. */
        FRAMES,
        /** For one connection only. */
        HOP_BY_HOP,
        /** End to end; recipients may act on it before the body. */
        STEERS,
        /** End to end; only informs. */
        INFORMS
    }
}
