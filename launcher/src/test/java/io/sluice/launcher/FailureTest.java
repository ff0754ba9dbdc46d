package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.launcher.control.LaunchException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class FailureTest {

    private final StringWriter err = new StringWriter();

    @Test
    void tellsInOneLineWhatTheOperatorCanFix() {
        assertEquals(ExitCode.CANNOT_START, explain(new LaunchException("the address is in use")));
        assertEquals("the address is in use\n", err.toString());
    }

    @Test
    void isNoMistakeInTheConfigurationIfItIsABug() {
        assertEquals(ExitCode.BROKEN, explain(new IllegalStateException("never")));
        assertTrue(err.toString().startsWith("java.lang.IllegalStateException: never\n\tat "), err::toString);
    }

    private int explain(Exception error) {
        return Failure.explain(error, new PrintWriter(err, true));
    }
}
