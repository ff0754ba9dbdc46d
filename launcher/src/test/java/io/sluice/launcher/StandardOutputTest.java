package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StandardOutputTest {

    private final StringWriter err = new StringWriter();

    @Test
    void changesNothingIfAllWasWritten() {
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        assertEquals(ExitCode.OK, end(taken, ExitCode.OK));
        assertEquals("all\n", taken.toString(StandardCharsets.UTF_8));
        assertEquals("", err.toString());
    }

    @Test
    void tellsWhyItCouldNotBeWritten() {
        assertEquals(ExitCode.NOT_TOLD, end(failing("No space left on device"), ExitCode.OK));
        assertEquals("not all of the output could be written: No space left on device\n", err.toString());
    }

    @Test
    void saysNothingToWhomeverHasStoppedReading() {
        assertEquals(ExitCode.NOT_TOLD, end(failing("Broken pipe"), ExitCode.OK));
        assertEquals("", err.toString());
    }

    @Test
    void leavesAnExitCodeThatSaysMore() {
        assertEquals(ExitCode.REFUSED, end(failing("No space left on device"), ExitCode.REFUSED));
    }

    private int end(OutputStream target, int exitCode) {
        StandardOutput out = new StandardOutput(target);
        out.writer().println("all");
        return out.judge(exitCode, new PrintWriter(err, true));
    }

    private static OutputStream failing(String why) {
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException(why);
            }
        };
    }
}
