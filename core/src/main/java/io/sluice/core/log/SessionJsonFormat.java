package io.sluice.core.log;

import io.sluice.core.address.Addresses;
import java.io.IOException;
import java.io.OutputStream;
import tools.jackson.core.JsonGenerator;

/**
 * One JSON object a line and session, in printable ASCII; the fields of {@link SessionTextFormat} by name, times in
 * seconds, absent if that point was never reached.
 *
 * <p>Owned by the log writer's thread.
 */
final class SessionJsonFormat implements RecordFormat<SessionRecord> {

    private final JsonLine line = new JsonLine();

    @Override
    public void write(SessionRecord record, OutputStream out) throws IOException {
        line.write(object -> write(record, object), out);
    }

    private static void write(SessionRecord record, JsonGenerator object) {
        object.writeStringProperty("start", StartTime.iso(record.startMs));
        object.writeStringProperty("listener", record.listener);
        object.writeStringProperty("client", Addresses.toText(record.client));
        JsonLine.addText(object, "pool", record.pool);
        JsonLine.addText(object, "server", record.server);
        JsonLine.addSeconds(object, "queue_seconds", record.queueNs);
        JsonLine.addSeconds(object, "connect_seconds", record.connectNs);
        JsonLine.addSeconds(object, "total_seconds", record.totalNs);
        object.writeNumberProperty("client_bytes", record.clientBytes);
        object.writeNumberProperty("server_bytes", record.serverBytes);
        object.writeStringProperty("termination", record.termination.code());
        object.writeNumberProperty("retries", record.retries);
        JsonLine.addText(object, "refusal", record.refusal);
        JsonLine.addText(object, "sni", record.sni);
        JsonLine.addText(object, "user", record.user);
        JsonLine.addText(object, "database", record.database);
        JsonLine.addText(object, "application", record.application);
    }
}
