package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sluice origin} and {@code sluice bench} as processes of their own. */
class BenchIT {

    private static final int INT = 2;
    private static final Pattern LISTENS = Pattern.compile("origin listens on (127\\.0\\.0\\.1:\\d+)\n");

    @Test
    void measuresAnOriginToTheEnd() throws Exception {
        try (SluiceProcess origin = SluiceProcess.start("origin", "--bind", "0");
             SluiceProcess bench = SluiceProcess.start("bench", "http://" + addressOf(origin) + "/?size=1k", "-n",
                     "1000", "-c", "4")) {
            assertEquals(ExitCode.OK, bench.awaitExit(), bench::toString);
            assertTrue(bench.out().contains("answered    1,000 in "), bench::toString);
            assertEquals("", bench.err());
            origin.signal("TERM");
            assertEquals(ExitCode.OK, origin.awaitExit(), origin::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void tellsWhatItHasWhenInterrupted(String signal) throws Exception {
        try (SluiceProcess origin = SluiceProcess.start("origin", "--bind", "127.0.0.1:0", "--tcp", "echo");
             SluiceProcess bench = SluiceProcess.start("bench", "tcp://" + addressOf(origin), "-d", "1h", "--warm-up",
                     "0s", "-c", "2", "--progress")) {
            bench.awaitErr("1 s ");
            assumeFalse(signal.equals("INT") && bench.ignores(INT), "the build runs with INT ignored");
            bench.signal(signal);
            assertEquals(ExitCode.OK, bench.awaitExit(), bench::toString);
            assertTrue(bench.out().contains("ping-pong, closed loop, 2 connections"), bench::toString);
            assertTrue(bench.out().contains("\n99.99 "), bench::toString);
        }
    }

    @Test
    void saysThatTheOriginsAddressIsInUse() throws Exception {
        try (SluiceProcess first = SluiceProcess.start("origin", "--bind", "0")) {
            String address = addressOf(first);
            try (SluiceProcess second = SluiceProcess.start("origin", "--bind", address)) {
                assertEquals(ExitCode.CANNOT_START, second.awaitExit());
                assertEquals("the origin cannot listen on " + address + ": Address already in use\n", second.err());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--bind=x", "--bind=65536", "--tcp=http", "--tcp=x", "--threads=0"})
    void refusesWhatMakesNoSense(String argument) throws Exception {
        try (SluiceProcess origin = SluiceProcess.start("origin", argument)) {
            assertEquals(ExitCode.USAGE, origin.awaitExit());
            assertTrue(origin.err().contains("Usage: sluice origin"), origin::toString);
        }
    }

    private static String addressOf(SluiceProcess origin) {
        origin.awaitOut("origin listens on ");
        Matcher line = LISTENS.matcher(origin.out());
        assertTrue(line.find(), origin::toString);
        return line.group(1);
    }
}
