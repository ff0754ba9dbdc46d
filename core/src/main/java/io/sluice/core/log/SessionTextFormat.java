package io.sluice.core.log;

import io.sluice.core.address.Addresses;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/**
 * One line a session, close to HAProxy's {@code tcplog}, fields split by spaces:
 * {@code client [start] listener pool/server Tw/Tc/Tt up/down cause retries}. Times are milliseconds, -1 if that point
 * was never reached; {@code up} and {@code down} are bytes to the server and to the client. Fields that only some
 * sessions have come last, as {@code name=value}. Their values may be chosen by clients and are escaped, so that they
 * can neither end the line nor pass for another field.
 *
 * <p>Owned by the log writer's thread.
 */
final class SessionTextFormat implements RecordFormat<SessionRecord> {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final StringBuilder line = new StringBuilder(256);

    @Override
    public void write(SessionRecord record, OutputStream out) throws IOException {
        line.setLength(0);
        line.append(Addresses.toText(record.client))
                .append(" [").append(StartTime.iso(record.startMs)).append("] ").append(record.listener)
                .append(' ').append(record.pool == null ? "<NOROUTE>" : record.pool)
                .append('/').append(record.server == null ? "<NOSRV>" : record.server)
                .append(' ').append(millis(record.queueNs))
                .append('/').append(millis(record.connectNs))
                .append('/').append(millis(record.totalNs))
                .append(' ').append(record.clientBytes)
                .append('/').append(record.serverBytes)
                .append(' ').append(record.termination.code())
                .append(' ').append(record.retries);
        append("refusal", record.refusal);
        append("sni", record.sni);
        append("user", record.user);
        append("database", record.database);
        append("application", record.application);
        line.append('\n');
        out.write(line.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private void append(String name, String value) {
        if (value == null) {
            return;
        }
        line.append(' ').append(name).append('=');
        for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
            if (octet > ' ' && octet <= '~' && octet != '\\' && octet != '"') {
                line.append((char) octet);
            } else {
                line.append("\\x").append(HEX.toHexDigits(octet));
            }
        }
    }

    private static long millis(long nanos) {
        return nanos < 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
