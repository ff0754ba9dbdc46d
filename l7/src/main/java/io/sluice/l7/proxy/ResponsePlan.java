package io.sluice.l7.proxy;

import io.sluice.l7.http.RequestParser;
import io.sluice.l7.http.ResponseParser;

/**
 * How a response is framed for its client, given how the server has framed it (RFC 9112, section 6): HTTP/1.1 clients
 * get chunks where there is no length, so that they can tell a whole body from a truncated one and the connection can
 * stay; HTTP/1.0 clients know no chunks and get the body up to the close.
 */
enum ResponsePlan {

    /** A head without a body. */
    NO_BODY(MessageComposer.Shape.PLAIN),
    LENGTH(MessageComposer.Shape.PLAIN),
    CHUNKS(MessageComposer.Shape.CHUNKS_KEPT),
    /** The server's body lasts until close; the client gets chunks. */
    CHUNKED_ANEW(MessageComposer.Shape.CHUNKS_MADE),
    UNTIL_CLOSE(MessageComposer.Shape.PLAIN),
    /** The server sends chunks; the client gets their data until close. */
    UNCHUNKED(MessageComposer.Shape.PLAIN);

    private static final int NO_CONTENT = 204;

    private final MessageComposer.Shape shape;

    ResponsePlan(MessageComposer.Shape shape) {
        this.shape = shape;
    }

    static ResponsePlan of(RequestParser request, ResponseParser response) {
        boolean knowsChunks = request.minorVersion() > 0;
        return switch (response.framing()) {
            case NONE, TUNNEL -> NO_BODY;
            case LENGTH -> LENGTH;
            case CHUNKED -> knowsChunks ? CHUNKS : UNCHUNKED;
            case UNTIL_CLOSE -> knowsChunks ? CHUNKED_ANEW : UNTIL_CLOSE;
        };
    }

    MessageComposer.Shape shape() {
        return shape;
    }

    /** Whether closing the client's connection marks the end of the body. */
    boolean endsByClose() {
        return this == UNTIL_CLOSE || this == UNCHUNKED;
    }

    /** How the client's head describes the framing. */
    ResponseWriter.Framing headFraming(ResponseParser response) {
        return switch (this) {
            // In a response to HEAD and in a 304, Content-Length gives the length that the body would have.
            case NO_BODY, LENGTH -> response.contentLength() >= 0 && response.status() != NO_CONTENT
                    ? ResponseWriter.Framing.LENGTH : ResponseWriter.Framing.NONE;
            case CHUNKS, CHUNKED_ANEW -> ResponseWriter.Framing.CHUNKED;
            case UNTIL_CLOSE, UNCHUNKED -> ResponseWriter.Framing.NONE;
        };
    }
}
