package io.sluice.l7.http;

/**
 * Reads Connection (RFC 9110, section 7.6.1): whether the connection stays open, and which fields not to forward.
 *
 * <p>The fields that Connection names are marked in the table. Known end-to-end fields, such as Authorization or
 * X-Forwarded-For, are forwarded even if named, so that a client cannot have them removed. A message whose Connection
 * names a field that frames or routes it is refused. Owned by one event loop.
 */
final class ConnectionOptions {

    /** More names than any honest message has; bounded, since each name costs a walk over the table. */
    static final int MAX_NAMED_FIELDS = 32;

    private static final byte[] CLOSE = Octets.ascii("close");
    private static final byte[] KEEP_ALIVE = Octets.ascii("keep-alive");
    private static final byte[] UPGRADE = Octets.ascii("upgrade");

    private final ListElements elements = new ListElements();
    /** Where the names of unknown fields are in the bytes of the head. */
    private final int[] offsets = new int[MAX_NAMED_FIELDS];
    private final int[] lengths = new int[MAX_NAMED_FIELDS];
    private boolean close;
    private boolean keepAlive;
    private boolean upgrade;
    private int namedFields;

    /** Reads all Connection fields and marks the fields that they name; null if they are sound. */
    HttpError read(HeaderFields fields) {
        close = false;
        keepAlive = false;
        upgrade = false;
        namedFields = 0;
        elements.of(fields, KnownField.CONNECTION);
        while (elements.next()) {
            HttpError fault = elements.length() == 0 ? null : readOption(fields);
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    /** Whether the connection can carry another message after one of HTTP/1.{@code minorVersion}. */
    boolean isPersistent(int minorVersion) {
        return !close && (minorVersion == 1 || keepAlive);
    }

    boolean hasUpgrade() {
        return upgrade;
    }

    /** Whether Connection names that trailer, which comes behind the head with these bytes. */
    boolean names(byte[] head, HeaderFields trailers, int index) {
        for (int i = 0; i < namedFields; i++) {
            if (trailers.nameLength(index) == lengths[i] && Octets.equalIgnoringCase(trailers.bytes(),
                    trailers.nameOffset(index), head, offsets[i], lengths[i])) {
                return true;
            }
        }
        return false;
    }

    private HttpError readOption(HeaderFields fields) {
        if (elements.is(KEEP_ALIVE)) {
            keepAlive = true;
        } else if (elements.is(CLOSE)) {
            close = true;
        } else if (elements.is(UPGRADE)) {
            upgrade = true;
        } else {
            return readFieldName(fields);
        }
        return null;
    }

    private HttpError readFieldName(HeaderFields fields) {
        if (!elements.isToken()) {
            return HttpError.BAD_CONNECTION;
        }
        int id = KnownField.idOf(elements.bytes(), elements.offset(), elements.length());
        if (id != KnownField.UNKNOWN) {
            return KnownField.of(id).isFraming() ? HttpError.CONNECTION_NAMES_FRAMING : null;
        }
        if (namedFields == MAX_NAMED_FIELDS) {
            return HttpError.BAD_CONNECTION;
        }
        offsets[namedFields] = elements.offset();
        lengths[namedFields] = elements.length();
        namedFields++;
        fields.markNamedInConnection(elements.offset(), elements.length());
        return null;
    }
}
