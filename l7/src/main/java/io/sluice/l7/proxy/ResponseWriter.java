package io.sluice.l7.proxy;

import io.sluice.l7.http.HeadWriter;
import io.sluice.l7.http.HeaderFields;
import io.sluice.l7.http.KnownField;
import io.sluice.l7.http.ResponseParser;
import io.sluice.l7.route.HeaderEdits;

/** Writes response heads for clients from what the parser understood of the server's. Owned by one event loop. */
final class ResponseWriter {

    /** How the head tells the client where the body ends. */
    enum Framing {
        /** By the server's Content-Length, also in responses without a body (to HEAD, 304). */
        LENGTH, CHUNKED,
        /** By closing the connection, or there is nothing to tell. */
        NONE
    }

    /** What the Connection field tells the client. */
    enum Persistence {
        /** HTTP/1.1, the connection stays: there is no Connection field. */
        STAYS,
        /** HTTP/1.0, the connection stays. */
        STAYS_IN_1_0,
        CLOSES
    }

    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;
    private static final int UPGRADE_REQUIRED = 426;

    private final HeadWriter out;

    ResponseWriter(HeadWriter out) {
        this.out = out;
    }

    /**
     * Writes a final response's head, with the time if the server has sent none (RFC 9110, section 6.6.1).
     *
     * @param setCookie the value of a Set-Cookie to add, or null
     */
    void writeFinal(ResponseParser response, Framing framing, Persistence persistence, HeaderEdits edits,
                    byte[] setCookie) {
        putStatusLine(response);
        putFields(response, edits);
        if (!response.fields().has(KnownField.DATE) && !edits.drops(KnownField.DATE)) {
            putDate();
        }
        switch (framing) {
            case LENGTH -> out.put(Ascii.CONTENT_LENGTH).decimal(response.contentLength()).lineEnd();
            case CHUNKED -> out.put(Ascii.TRANSFER_ENCODING_CHUNKED);
            case NONE -> { }
        }
        putPersistence(persistence);
        if (response.status() == UPGRADE_REQUIRED) {
            putUpgrade(response);
        }
        putAdded(edits, setCookie);
    }

    /** Writes an interim response's head (1xx). */
    void writeInterim(ResponseParser response) {
        putStatusLine(response);
        putFields(response, HeaderEdits.NONE);
        out.lineEnd();
    }

    /** Writes the head that turns the connection into a tunnel (101). @param setCookie as in {@link #writeFinal} */
    void writeUpgrade(ResponseParser response, HeaderEdits edits, byte[] setCookie) {
        putStatusLine(response);
        putFields(response, edits);
        putUpgrade(response);
        putAdded(edits, setCookie);
    }

    /** Passes Upgrade on: it names the protocols that the client may speak with the server. */
    private void putUpgrade(ResponseParser response) {
        HeaderFields fields = response.fields();
        int index = fields.find(KnownField.UPGRADE);
        if (index != HeaderFields.NONE) {
            out.put(Ascii.CONNECTION_UPGRADE).put(Ascii.UPGRADE)
                    .put(fields.bytes(), fields.valueOffset(index), fields.valueLength(index)).lineEnd();
        }
    }

    private void putAdded(HeaderEdits edits, byte[] setCookie) {
        if (setCookie != null) {
            out.put(Ascii.SET_COOKIE).put(setCookie).lineEnd();
        }
        out.put(edits.added()).lineEnd();
    }

    /** Writes a whole answer that Sluice makes itself. @param withoutBody whether it answers HEAD */
    void writeAnswer(Answer answer, Persistence persistence, boolean withoutBody) {
        int status = answer.status();
        byte[] body = answer.body();
        out.clear().put(Ascii.STATUS_LINE).decimal(status).put(' ').put(Status.phraseOf(status)).lineEnd();
        if (!answer.edits().drops(KnownField.DATE)) {
            putDate();
        }
        if (body.length > 0 && !answer.edits().drops(KnownField.CONTENT_TYPE)) {
            out.put(Ascii.CONTENT_TYPE).put(answer.contentType()).lineEnd();
        }
        // A 304 would tell caches that what they have is empty (RFC 9110, section 8.6).
        if (status != NO_CONTENT && status != NOT_MODIFIED) {
            out.put(Ascii.CONTENT_LENGTH).decimal(body.length).lineEnd();
        }
        putPersistence(persistence);
        out.put(answer.extra()).put(answer.edits().added()).lineEnd();
        if (!withoutBody && status != NO_CONTENT) {
            out.put(body);
        }
    }

    private void putStatusLine(ResponseParser response) {
        out.clear().put(Ascii.STATUS_LINE).decimal(response.status()).put(' ')
                .put(response.bytes(), response.reasonOffset(), response.reasonLength()).lineEnd();
    }

    private void putDate() {
        out.put(Ascii.DATE).put(HttpDate.now()).lineEnd();
    }

    private void putFields(ResponseParser response, HeaderEdits edits) {
        HeaderFields fields = response.fields();
        int count = fields.count();
        for (int i = 0; i < count; i++) {
            if (!fields.isHopByHop(i) && !isFraming(fields, i) && !edits.drops(fields, i)) {
                out.field(fields, i);
            }
        }
    }

    private static boolean isFraming(HeaderFields fields, int index) {
        return fields.is(index, KnownField.CONTENT_LENGTH) || fields.is(index, KnownField.TRANSFER_ENCODING);
    }

    private void putPersistence(Persistence persistence) {
        switch (persistence) {
            case STAYS -> { }
            case STAYS_IN_1_0 -> out.put(Ascii.CONNECTION_KEEP_ALIVE);
            case CLOSES -> out.put(Ascii.CONNECTION_CLOSE);
        }
    }
}
