package io.sluice.l7.proxy;

import io.sluice.config.HttpListenerConfig.ForwardedConfig;
import io.sluice.core.address.AddressText;
import io.sluice.l7.http.BodyFraming;
import io.sluice.l7.http.HeadWriter;
import io.sluice.l7.http.HeaderFields;
import io.sluice.l7.http.KnownField;
import io.sluice.l7.http.RequestParser;
import io.sluice.l7.route.Client;
import io.sluice.l7.route.HeaderEdits;
import io.sluice.l7.route.RequestPath;
import io.sluice.l7.route.RoutedRequest;
import java.util.stream.Stream;

/**
 * Writes a request's head for the server from what the parser understood of the client's head: with one framing and one
 * Host, without hop-by-hop fields, and with fields that describe the client. Owned by one event loop.
 */
final class RequestWriter {

    private static final byte[] FOR = Ascii.bytes("for=");
    private static final byte[] HOST_QUOTED = Ascii.bytes(";host=\"");
    private static final byte[] PROTO_HTTP = Ascii.bytes(";proto=http");
    private static final byte[] PROTO_HTTPS = Ascii.bytes(";proto=https");

    /** Fields that are accepted from trusted clients only; all names begin with an X and contain dashes. */
    private static final byte[][] FORWARDED_NAMES = Stream.of(KnownField.X_FORWARDED_FOR, KnownField.X_FORWARDED_HOST,
            KnownField.X_FORWARDED_PORT, KnownField.X_FORWARDED_PROTO, KnownField.X_REAL_IP)
            .map(field -> Ascii.bytes(field.text())).toArray(byte[][]::new);

    private static final byte[][] REAL_IP_NAME = {Ascii.bytes(KnownField.X_REAL_IP.text())};
    private static final byte[][] NO_NAMES = {};

    private final HeadWriter out;
    private final ForwardedConfig forwarded;
    private final CertificateFields certificateFields;
    private final byte[] via;
    /** Fields that not even trusted clients may send, as Sluice alone says what is in them. */
    private final byte[][] ownNames;
    private final AddressText addressText = new AddressText();

    RequestWriter(HeadWriter out, ForwardedConfig forwarded, CertificateFields certificateFields) {
        this.certificateFields = certificateFields;
        this.out = out;
        this.forwarded = forwarded;
        via = forwarded.via().map(Ascii::bytes).orElse(null);
        ownNames = forwarded.xRealIp() ? REAL_IP_NAME : NO_NAMES;
    }

    /**
     * Writes the whole head.
     *
     * @param client the connection's client
     * @param id     sent if the request has no X-Request-Id, or an empty one
     */
    void write(RoutedRequest routed, ClientIdentity client, HeaderEdits edits, RequestId id) {
        RequestParser request = routed.head();
        RequestPath path = routed.path();
        out.clear();
        out.put(request.bytes(), request.methodOffset(), request.methodLength()).put(' ');
        out.put(path.bytes(), path.offset(), path.length());
        out.put(request.bytes(), request.queryOffset(), request.queryLength());
        out.put(Ascii.HTTP_1_1_END);
        if (!edits.setsHost()) {
            putHost(request);
        }
        putFields(request, client, edits);
        putFraming(request);
        putConnection(request, edits);
        putClient(request, client, edits);
        if (forwarded.xRealIp() && !edits.drops(KnownField.X_REAL_IP)) {
            putRealIp(routed.client());
        }
        putCertificate(client, edits);
        putHops(request, edits);
        putRequestId(request.fields(), edits, id);
        out.put(edits.added()).lineEnd();
    }

    private void putHost(RequestParser request) {
        if (request.hostLength() > 0) {
            out.put(Ascii.HOST);
            putAuthority(request);
            out.lineEnd();
        } else {
            // HTTP/1.0 requests may lack Host; HTTP/1.1, which the server gets, requires one (RFC 9112, section 3.2).
            out.put(Ascii.HOST).lineEnd();
        }
    }

    private void putAuthority(RequestParser request) {
        out.put(request.bytes(), request.hostOffset(), request.hostLength());
        if (request.port() >= 0) {
            out.put(':').decimal(request.port());
        }
    }

    private void putFields(RequestParser request, ClientIdentity client, HeaderEdits edits) {
        HeaderFields fields = request.fields();
        int count = fields.count();
        for (int i = 0; i < count; i++) {
            if (!fields.isHopByHop(i) && !drops(fields, i, request, client, edits)) {
                out.field(fields, i);
            }
        }
    }

    /** Whether a field of the head or a trailer, as the client has sent it, is not for the server. */
    boolean drops(HeaderFields fields, int index, RequestParser request, ClientIdentity client, HeaderEdits edits) {
        return isWrittenAnew(fields, index, request, client) || certificateFields.has(fields, index)
                || edits.drops(fields, index);
    }

    private boolean isWrittenAnew(HeaderFields fields, int index, RequestParser request, ClientIdentity client) {
        KnownField field = fields.known(index);
        if (field == null) {
            return isLikeForwarded(fields, index, client.isTrusted() ? ownNames : FORWARDED_NAMES);
        }
        return switch (field) {
            case HOST, CONTENT_LENGTH, TRANSFER_ENCODING -> true;
            case X_FORWARDED_FOR -> forwarded.xForwarded() || !client.isTrusted();
            case X_FORWARDED_HOST, X_FORWARDED_PORT, X_FORWARDED_PROTO -> !client.isTrusted();
            case X_REAL_IP -> forwarded.xRealIp() || !client.isTrusted();
            case FORWARDED -> forwarded.forwarded() || !client.isTrusted();
            case X_REQUEST_ID -> lacksId(request.fields());
            case MAX_FORWARDS -> HopCount.isFor(request.method());
            default -> false;
        };
    }

    private static boolean isLikeForwarded(HeaderFields fields, int index, byte[][] names) {
        return (fields.bytes()[fields.nameOffset(index)] | 0x20) == 'x' && fields.nameIsLikeAny(index, names);
    }

    private void putFraming(RequestParser request) {
        if (request.framing() == BodyFraming.CHUNKED) {
            out.put(Ascii.TRANSFER_ENCODING_CHUNKED);
        } else if (request.contentLength() >= 0) {
            out.put(Ascii.CONTENT_LENGTH).decimal(request.contentLength()).lineEnd();
        }
    }

    private void putConnection(RequestParser request, HeaderEdits edits) {
        if (request.isUpgradeWanted()) {
            HeaderFields fields = request.fields();
            int index = fields.find(KnownField.UPGRADE);
            out.put(Ascii.CONNECTION_UPGRADE).put(Ascii.UPGRADE)
                    .put(fields.bytes(), fields.valueOffset(index), fields.valueLength(index)).lineEnd();
        } else if (request.areTrailersWanted() && !edits.drops(KnownField.TE)) {
            // Trailers are passed on, so what the client says of them holds for the server's connection, too.
            out.put(Ascii.TE_TRAILERS);
        }
    }

    private void putClient(RequestParser request, ClientIdentity client, HeaderEdits edits) {
        if (forwarded.xForwarded()) {
            if (!edits.drops(KnownField.X_FORWARDED_FOR)) {
                putForwardedFor(request.fields(), client);
            }
            if (isToldAnew(KnownField.X_FORWARDED_PROTO, request, client, edits)) {
                out.put(client.isSecure() ? Ascii.X_FORWARDED_PROTO_HTTPS : Ascii.X_FORWARDED_PROTO_HTTP);
            }
            if (request.hostLength() > 0 && isToldAnew(KnownField.X_FORWARDED_HOST, request, client, edits)) {
                out.put(Ascii.X_FORWARDED_HOST);
                putAuthority(request);
                out.lineEnd();
            }
            if (isToldAnew(KnownField.X_FORWARDED_PORT, request, client, edits)) {
                out.put(Ascii.X_FORWARDED_PORT).put(client.port()).lineEnd();
            }
        }
        if (forwarded.forwarded() && !edits.drops(KnownField.FORWARDED)) {
            putForwarded(request, client);
        }
    }

    /** Whether Sluice sets the field: the route does not edit it, and no trusted client has sent it. */
    private static boolean isToldAnew(KnownField field, RequestParser request, ClientIdentity client,
                                      HeaderEdits edits) {
        return !edits.drops(field) && (!client.isTrusted() || !request.fields().has(field));
    }

    private void putForwardedFor(HeaderFields fields, ClientIdentity client) {
        out.put(Ascii.X_FORWARDED_FOR);
        if (client.isTrusted()) {
            putEarlier(fields, KnownField.X_FORWARDED_FOR);
        }
        out.put(client.text()).lineEnd();
    }

    private void putRealIp(Client client) {
        addressText.of(client.address());
        out.put(Ascii.X_REAL_IP).put(addressText.bytes(), 0, addressText.length()).lineEnd();
    }

    private void putCertificate(ClientIdentity client, HeaderEdits edits) {
        for (CertificateFields.Line line : client.certificate()) {
            if (!edits.drops(line.name())) {
                out.put(line.bytes());
            }
        }
    }

    private void putForwarded(RequestParser request, ClientIdentity client) {
        out.put(Ascii.FORWARDED);
        if (client.isTrusted()) {
            putEarlier(request.fields(), KnownField.FORWARDED);
        }
        out.put(FOR).put(client.forNode());
        if (request.hostLength() > 0) {
            out.put(HOST_QUOTED);
            putAuthority(request);
            out.put('"');
        }
        out.put(client.isSecure() ? PROTO_HTTPS : PROTO_HTTP).lineEnd();
    }

    /** Puts the values that the client sent, as the beginning of a list. */
    private void putEarlier(HeaderFields fields, KnownField field) {
        for (int i = fields.find(field); i != HeaderFields.NONE; i = fields.findNext(field, i)) {
            if (fields.valueLength(i) > 0) {
                out.put(fields.bytes(), fields.valueOffset(i), fields.valueLength(i)).put(Ascii.LIST_SEPARATOR);
            }
        }
    }

    private void putRequestId(HeaderFields fields, HeaderEdits edits, RequestId id) {
        if (lacksId(fields) && !edits.drops(KnownField.X_REQUEST_ID)) {
            id.writeTo(out.put(Ascii.X_REQUEST_ID));
            out.lineEnd();
        }
    }

    /** Whether Sluice makes the X-Request-Id, since the client has sent none, or an empty one. */
    private boolean lacksId(HeaderFields fields) {
        int sent = fields.find(KnownField.X_REQUEST_ID);
        return forwarded.requestId() && (sent == HeaderFields.NONE || fields.valueLength(sent) == 0);
    }

    private void putHops(RequestParser request, HeaderEdits edits) {
        int hops = HopCount.of(request);
        if (hops < HopCount.UNLIMITED && !edits.drops(KnownField.MAX_FORWARDS)) {
            out.put(Ascii.MAX_FORWARDS).decimal(hops - 1).lineEnd();
        }
        if (via != null && !edits.drops(KnownField.VIA)) {
            out.put(Ascii.VIA).put('1').put('.').put(request.minorVersion() == 0 ? '0' : '1').put(' ').put(via)
                    .lineEnd();
        }
    }
}
