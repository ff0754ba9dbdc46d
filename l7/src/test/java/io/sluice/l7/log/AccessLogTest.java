package io.sluice.l7.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.AccessLogConfig;
import io.sluice.config.AccessLogConfig.Format;
import io.sluice.config.SessionLogConfig.Target;
import io.sluice.core.log.LogRing;
import io.sluice.core.log.LogWriter;
import io.sluice.l7.http.Pieces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {

    @TempDir
    private Path directory;

    @Test
    void appendsRecordsOfEachFormatToItsFile() throws IOException {
        Path file = directory.resolve("access.log");
        Files.writeString(file, "before\n");
        try (LogWriter writer = new LogWriter()) {
            LogRing<AccessRecord> template = AccessLog.ring(template(file, "t %{path}"), writer);
            LogRing<AccessRecord> other = AccessLog.ring(template(file, "o %{path}"), writer);
            LogRing<AccessRecord> json =
                    AccessLog.ring(config(directory.resolve("json"), Format.JSON), writer);
            LogRing<AccessRecord> combined =
                    AccessLog.ring(config(directory.resolve("combined"), Format.COMBINED), writer);
            publish(template, "/1");
            publish(template, "/2");
            publish(other, "/3");
            publish(json, "/4");
            publish(combined, "/5");
            writer.start();
        }
        List<String> lines = Files.readAllLines(file);
        assertTrue(lines.remove("o /3"), "each format has a thread of its own, and so no order with others");
        assertEquals(List.of("before", "t /1", "t /2"), lines);
        assertEquals("{\"start\":\"2026-11-21T10:00:00.123Z\"",
                Files.readString(directory.resolve("json")).split(",")[0]);
        assertEquals("192.0.2.7 - - [21/Nov/2026:10:00:00 +0000]",
                Files.readString(directory.resolve("combined")).split(" \"")[0]);
    }

    /** A record lives longer, and so would what it refers to. */
    @Test
    void dropsTheAddressOfAConnectionOnceItIsWritten() throws IOException {
        AccessRecord record;
        try (LogWriter writer = new LogWriter()) {
            writer.start();
            record = publish(AccessLog.ring(config(directory.resolve("access.log"), Format.COMBINED), writer), "/");
        }
        assertNull(record.peer);
    }

    @Test
    void sharesTheTargetOfEqualConfigurations() throws IOException {
        Path file = directory.resolve("access.log");
        LogWriter writer = new LogWriter();
        AccessLog.ring(template(file, "%{path}"), writer);
        AccessLog.ring(template(file, "%{path}"), writer);
        assertEquals(1, writer.targets());
        AccessLog.ring(template(file, "%{host}"), writer);
        assertEquals(2, writer.targets());
    }

    @Test
    void refusesAFileThatCannotBeOpened() {
        AccessLogConfig config = config(directory.resolve("missing").resolve("access.log"), Format.JSON);
        assertThrows(IOException.class, () -> AccessLog.ring(config, new LogWriter()));
    }

    private static AccessLogConfig config(Path file, Format format) {
        return new AccessLogConfig(Target.FILE, Optional.of(file), format, Optional.empty());
    }

    private static AccessLogConfig template(Path file, String template) {
        return new AccessLogConfig(Target.FILE, Optional.of(file), Format.TEMPLATE, Optional.of(template));
    }

    private static AccessRecord publish(LogRing<AccessRecord> ring, String path) {
        AccessRecord record = ring.claim();
        AccessRecord served = AccessRecords.served("");
        record.startMs = served.startMs;
        record.listener = served.listener;
        record.peer = served.peer;
        record.termination = served.termination;
        AccessRecords.setHead(record, Pieces.bytes("GET " + path + " HTTP/1.0\r\n\r\n"));
        ring.publish(record);
        return record;
    }
}
