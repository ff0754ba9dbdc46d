package io.sluice.core.log;

import io.sluice.core.address.Addresses;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * One JSON object a line and session, in printable ASCII; the fields of {@link SessionTextFormat} by name, times in
 * seconds, absent if that point was never reached.
 *
 * <p>Owned by the log writer's thread.
 */
final class SessionJsonFormat implements RecordFormat<SessionRecord> {

    private static final double NANOS_PER_SECOND = 1e9;

    private final JsonFactory json = PrintableJson.factory();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(512);

    /** Makes the line before writing any of it: a target that fails must fail here, not inside of the JSON library. */
    @Override
    public void write(SessionRecord record, OutputStream out) throws IOException {
        line.reset();
        try (JsonGenerator object = json.createGenerator(ObjectWriteContext.empty(), line, JsonEncoding.UTF8)) {
            object.writeStartObject();
            object.writeStringProperty("start",
                    SessionTextFormat.TIMESTAMP.format(Instant.ofEpochMilli(record.startMs)));
            object.writeStringProperty("listener", record.listener);
            object.writeStringProperty("client", Addresses.toText(record.client));
            writeIfAny(object, "pool", record.pool);
            writeIfAny(object, "server", record.server);
            writeSeconds(object, "queue_seconds", record.queueNs);
            writeSeconds(object, "connect_seconds", record.connectNs);
            writeSeconds(object, "total_seconds", record.totalNs);
            object.writeNumberProperty("client_bytes", record.clientBytes);
            object.writeNumberProperty("server_bytes", record.serverBytes);
            object.writeStringProperty("termination", record.termination.code());
            object.writeNumberProperty("retries", record.retries);
            writeIfAny(object, "refusal", record.refusal);
            writeIfAny(object, "sni", record.sni);
            writeIfAny(object, "user", record.user);
            writeIfAny(object, "database", record.database);
            writeIfAny(object, "application", record.application);
            object.writeEndObject();
        }
        line.write('\n');
        line.writeTo(out);
    }

    private static void writeIfAny(JsonGenerator object, String name, String value) {
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
