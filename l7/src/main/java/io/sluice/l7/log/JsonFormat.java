package io.sluice.l7.log;

import io.sluice.core.address.Addresses;
import io.sluice.core.log.JsonLine;
import io.sluice.core.log.RecordFormat;
import io.sluice.core.log.StartTime;
import io.sluice.l7.http.KnownField;
import java.io.IOException;
import java.io.OutputStream;
import tools.jackson.core.JsonGenerator;

/**
 * Writes each request as one line with a JSON object, in printable ASCII. Each byte from the wire becomes the character
 * with its number; times are in seconds; members without a value, such as a time never reached, are absent.
 *
 * <p>Owned by the log writer's thread.
 */
final class JsonFormat implements RecordFormat<AccessRecord> {

    private final JsonLine line = new JsonLine();
    private final LoggedHead head = new LoggedHead();

    @Override
    public void write(AccessRecord record, OutputStream out) throws IOException {
        head.read(record);
        line.write(object -> {
            writeRequest(object, record);
            writeOutcome(object, record);
            writeTimes(object, record);
        }, out);
    }

    private void writeRequest(JsonGenerator object, AccessRecord record) {
        object.writeStringProperty("start", StartTime.iso(record.startMs));
        object.writeStringProperty("listener", record.listener);
        object.writeStringProperty("client_ip", Addresses.toText(record.client()));
        if (record.clientPort() != 0) {
            object.writeNumberProperty("client_port", record.clientPort());
        }
        if (record.isForwarded()) {
            object.writeStringProperty("peer_ip", Addresses.toText(record.peer.getAddress()));
            object.writeNumberProperty("peer_port", record.peer.getPort());
        }
        if (head.hasRequestLine()) {
            write(object, "method", head.method());
            write(object, "target", head.target());
            JsonLine.addText(object, "protocol", head.protocol());
        } else {
            write(object, "request", head.request());
        }
        write(object, "host", head.host());
        write(object, "referer", head.field(KnownField.REFERER));
        write(object, "user_agent", head.field(KnownField.USER_AGENT));
        Slice requestId = head.requestId();
        JsonLine.addText(object, "request_id", requestId.isEmpty() ? record.ownId() : requestId.text());
    }

    private static void writeOutcome(JsonGenerator object, AccessRecord record) {
        JsonLine.addText(object, "route", record.route);
        JsonLine.addText(object, "pool", record.pool);
        JsonLine.addText(object, "server", record.server);
        if (record.status != 0) {
            object.writeNumberProperty("status", record.status);
        }
        object.writeNumberProperty("request_bytes", record.requestBytes);
        object.writeNumberProperty("response_bytes", record.responseBytes);
        object.writeStringProperty("termination", record.termination.code());
        object.writeNumberProperty("retries", record.retries);
        if (record.refusal != null) {
            object.writeStringProperty("refusal", record.refusal.reason());
        }
    }

    private static void writeTimes(JsonGenerator object, AccessRecord record) {
        JsonLine.addSeconds(object, "head_seconds", record.headNs);
        JsonLine.addSeconds(object, "queue_seconds", record.queueNs);
        JsonLine.addSeconds(object, "connect_seconds", record.connectNs);
        JsonLine.addSeconds(object, "response_seconds", record.responseNs);
        JsonLine.addSeconds(object, "total_seconds", record.totalNs);
    }

    private static void write(JsonGenerator object, String name, Slice value) {
        if (!value.isEmpty()) {
            object.writeStringProperty(name, value.text());
        }
    }
}
