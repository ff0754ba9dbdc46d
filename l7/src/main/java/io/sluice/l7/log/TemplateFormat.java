package io.sluice.l7.log;

import io.sluice.config.AccessLogTemplate;
import io.sluice.config.AccessLogTemplate.Field;
import io.sluice.config.AccessLogTemplate.Text;
import io.sluice.core.address.Addresses;
import io.sluice.core.log.RecordFormat;
import io.sluice.core.log.StartTime;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Writes each request as one line, by a template. Values from the wire are escaped for their place in the template
 * ({@link Escaping}): whether it is inside double quotes, and which character follows.
 *
 * <p>Owned by the log writer's thread.
 */
final class TemplateFormat implements RecordFormat<AccessRecord> {

    /** The combined format of Apache and nginx, followed by values that HAProxy logs. */
    static final String COMBINED = "%{client_ip} - - [%{start_clf}] \"%{request}\" %{status} %{response_bytes}"
            + " \"%{header.Referer}\" \"%{header.User-Agent}\""
            + " %{listener} %{route} %{pool}/%{server}"
            + " %{time_head}/%{time_queue}/%{time_connect}/%{time_response}/%{time_total}"
            + " %{termination} %{retries}";

    /** Three digits, which parsers of such logs expect. */
    private static final String NO_STATUS = "000";
    private static final char LINE_END = '\n';
    /** Stands for a missing separator, between two adjacent fields; values never have this byte unescaped. */
    private static final char NO_SEPARATOR = '\0';

    private final LoggedHead head = new LoggedHead();
    private final StartTime startTime = new StartTime();
    private final Line line = new Line();
    private final Piece[] pieces;

    /** A compiled part of the template. */
    private interface Piece {
        void append(AccessRecord record);
    }

    TemplateFormat(AccessLogTemplate template) {
        List<AccessLogTemplate.Part> parts = template.parts();
        pieces = new Piece[parts.size()];
        boolean isQuoted = false;
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = switch (parts.get(i)) {
                case Text text -> {
                    isQuoted ^= text.text().chars().filter(c -> c == '"').count() % 2 == 1;
                    yield text(text.text().getBytes(StandardCharsets.UTF_8));
                }
                case Field field -> field(field, new Escaping(isQuoted, separator(parts, i + 1)));
            };
        }
    }

    @Override
    public void write(AccessRecord record, OutputStream out) throws IOException {
        head.read(record);
        line.clear();
        for (Piece piece : pieces) {
            piece.append(record);
        }
        line.writeTo(out);
    }

    private static char separator(List<AccessLogTemplate.Part> parts, int next) {
        if (next == parts.size()) {
            return LINE_END;
        }
        return parts.get(next) instanceof Text text ? text.text().charAt(0) : NO_SEPARATOR;
    }

    private Piece text(byte[] text) {
        return _ -> line.append(text);
    }

    private Piece field(Field field, Escaping escaping) {
        if (field.header().isPresent()) {
            byte[] name = field.header().get().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
            return _ -> line.append(head.field(name), escaping);
        }
        return switch (field.name()) {
            case "request" -> _ -> line.append(head.request(), escaping);
            case "method" -> _ -> line.append(head.method(), escaping);
            case "target" -> _ -> line.append(head.target(), escaping);
            case "path" -> _ -> line.append(head.path(), escaping);
            case "query" -> _ -> line.append(head.query(), escaping);
            case "host" -> _ -> line.append(head.host(), escaping);
            case "request_id" -> record -> appendRequestId(record, escaping);
            case "protocol" -> _ -> line.append(head.protocol());
            default -> ownField(field.name());
        };
    }

    /** A field with a value that is not from the wire and needs no escaping. */
    private Piece ownField(String name) {
        return switch (name) {
            case "client_ip" -> record -> line.append(Addresses.toText(record.client()));
            case "client_port" -> record -> appendPort(record.clientPort());
            case "peer_ip" -> record -> line.append(Addresses.toText(record.peer.getAddress()));
            case "peer_port" -> record -> line.append(record.peer.getPort());
            case "start" -> record -> line.append(StartTime.iso(record.startMs));
            case "start_clf" -> record -> line.append(startTime.clf(record.startMs));
            case "listener" -> record -> line.append(record.listener);
            case "route" -> record -> line.append(record.route);
            case "pool" -> record -> line.append(record.pool);
            case "server" -> record -> line.append(record.server);
            case "status" -> record -> appendStatus(record.status);
            case "request_bytes" -> record -> line.append(record.requestBytes);
            case "response_bytes" -> record -> line.append(record.responseBytes);
            case "time_head" -> record -> line.appendMillis(record.headNs);
            case "time_queue" -> record -> line.appendMillis(record.queueNs);
            case "time_connect" -> record -> line.appendMillis(record.connectNs);
            case "time_response" -> record -> line.appendMillis(record.responseNs);
            case "time_total" -> record -> line.appendMillis(record.totalNs);
            case "termination" -> record -> line.append(record.termination.code());
            case "retries" -> record -> line.append(record.retries);
            case "refusal" -> record -> line.append(record.refusal == null ? null : record.refusal.reason());
            default -> throw new IllegalArgumentException("no field %{" + name + "}");
        };
    }

    private void appendRequestId(AccessRecord record, Escaping escaping) {
        Slice sent = head.requestId();
        if (sent.isEmpty()) {
            line.append(record.ownId());
        } else {
            line.append(sent, escaping);
        }
    }

    private void appendPort(int port) {
        if (port == 0) {
            line.append((String) null);
        } else {
            line.append(port);
        }
    }

    private void appendStatus(int status) {
        if (status == 0) {
            line.append(NO_STATUS);
        } else {
            line.append(status);
        }
    }
}
