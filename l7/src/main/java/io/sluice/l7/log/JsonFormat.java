package io.sluice.l7.log;

import io.sluice.core.address.Addresses;
import io.sluice.core.log.PrintableJson;
import io.sluice.core.log.RecordFormat;
import io.sluice.l7.http.KnownField;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes each request as one line with a JSON object, in printable ASCII. Each byte from the wire becomes the character
 * with its number; times are in seconds; members without a value, such as a time never reached, are absent.
 *
 * <p>Owned by the log writer's thread.
 */
final class JsonFormat implements RecordFormat<AccessRecord> {

    private static final double NANOS_PER_SECOND = 1e9;

    private final JsonFactory json = PrintableJson.factory();
    private final LoggedHead head = new LoggedHead();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(1024);

    /** Builds the whole line before writing it, so that a failing target throws here and not in the JSON library. */
    @Override
    public void write(AccessRecord record, OutputStream out) throws IOException {
        head.read(record);
        line.reset();
        try (JsonGenerator object = json.createGenerator(ObjectWriteContext.empty(), line, JsonEncoding.UTF8)) {
            object.writeStartObject();
            writeRequest(object, record);
            writeOutcome(object, record);
            writeTimes(object, record);
            object.writeEndObject();
        }
        line.write('\n');
        line.writeTo(out);
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
            write(object, "protocol", head.protocol());
        } else {
            write(object, "request", head.request());
        }
        write(object, "host", head.host());
        write(object, "referer", head.field(KnownField.REFERER));
        write(object, "user_agent", head.field(KnownField.USER_AGENT));
        Slice requestId = head.requestId();
        write(object, "request_id", requestId.isEmpty() ? record.ownId() : requestId.text());
    }

    private static void writeOutcome(JsonGenerator object, AccessRecord record) {
        write(object, "route", record.route);
        write(object, "pool", record.pool);
        write(object, "server", record.server);
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
        writeSeconds(object, "head_seconds", record.headNs);
        writeSeconds(object, "queue_seconds", record.queueNs);
        writeSeconds(object, "connect_seconds", record.connectNs);
        writeSeconds(object, "response_seconds", record.responseNs);
        writeSeconds(object, "total_seconds", record.totalNs);
    }

    private static void write(JsonGenerator object, String name, Slice value) {
        if (!value.isEmpty()) {
            object.writeStringProperty(name, value.text());
        }
    }

    private static void write(JsonGenerator object, String name, String value) {
        if (value != null) {
            object.writeStringProperty(name, value);
        }
    }

    private static void writeSeconds(JsonGenerator object, String name, long nanos) {
        if (nanos >= 0) {
            object.writeNumberProperty(name, nanos / NANOS_PER_SECOND);
        }
    }
}
