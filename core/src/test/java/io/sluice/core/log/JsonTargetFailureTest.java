package io.sluice.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** A full disk is an IOException, which the writer survives, also when records are JSON. */
class JsonTargetFailureTest {

    @Test
    void throwsWhatTheTargetThrows() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("disk full");
            }
        };
        IOException thrown = assertThrows(IOException.class, () -> new SessionJsonFormat().write(session(), full));
        assertEquals("disk full", thrown.getMessage());
    }

    private static SessionRecord session() {
        SessionRecord record = new SessionRecord();
        record.listener = "db";
        record.pool = "main";
        record.client = new InetSocketAddress("192.0.2.7", 50123);
        record.termination = Termination.NORMAL;
        return record;
    }
}
