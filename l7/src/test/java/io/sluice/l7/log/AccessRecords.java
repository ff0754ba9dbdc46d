package io.sluice.l7.log;

import io.sluice.core.log.RecordFormat;
import io.sluice.core.log.Termination;
import io.sluice.l7.http.HttpError;
import io.sluice.l7.http.Pieces;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Instant;

/** Records to write, and what formats make of them. */
final class AccessRecords {

    private AccessRecords() { }

    /** A request that went to a server and was answered. */
    static AccessRecord served(String head) {
        AccessRecord record = new AccessRecord();
        record.startMs = Instant.parse("2026-11-21T10:00:00.123Z").toEpochMilli();
        record.listener = "web";
        record.peer = new InetSocketAddress("192.0.2.7", 50123);
        record.route = "api";
        record.pool = "orders";
        record.server = "o1";
        record.status = 200;
        record.requestBytes = 17;
        record.responseBytes = 1234;
        record.headNs = 1_000_000;
        record.queueNs = 2_900_000;
        record.connectNs = 3_000_000;
        record.responseNs = 40_000_000;
        record.totalNs = 51_500_000;
        record.retries = 1;
        record.hasOwnId = true;
        record.ownIdHigh = 0x0123456789abcdefL;
        record.ownIdLow = -1;
        record.termination = Termination.NORMAL;
        setHead(record, Pieces.bytes(head));
        return record;
    }

    /** A request that no route and no server ever saw. */
    static AccessRecord unserved(String head) {
        AccessRecord record = served(head);
        record.route = null;
        record.pool = null;
        record.server = null;
        record.status = 0;
        record.requestBytes = 0;
        record.responseBytes = 0;
        record.headNs = -1;
        record.queueNs = -1;
        record.connectNs = -1;
        record.responseNs = -1;
        record.retries = 0;
        record.hasOwnId = false;
        record.termination = Termination.CLIENT_ABORT_REQUEST;
        return record;
    }

    /** A request whose first line breaks the protocol. */
    static AccessRecord refused(String head) {
        AccessRecord record = unserved(head);
        record.status = 400;
        record.termination = Termination.PROXY_DENIED;
        record.refusal = HttpError.BAD_REQUEST_LINE;
        return record;
    }

    static void setHead(AccessRecord record, byte[] head) {
        record.head(head, head.length);
    }

    /** One character a byte, with the line end. */
    static String write(RecordFormat<AccessRecord> format, AccessRecord record) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            format.write(record, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Pieces.text(out.toByteArray());
    }
}
