package io.sluice.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.bench.origin.Origin;
import io.sluice.bench.origin.Service;
import io.sluice.core.net.Loopback;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Load and origin against each other: every request is accounted for. */
class LoadRunTest {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int REQUESTS = 1001;

    @ParameterizedTest
    @CsvSource({"1, 1, false", "1, 16, false", "3, 16, false", "2, 16, true"})
    void getsAsManyAnswersAsItWasAskedFor(int threads, int connections, boolean connectPerRequest) throws Exception {
        try (Origin origin = Origin.start(ANY_PORT, Service.HTTP, 2)) {
            LoadResult result = Loads.requests(Loads.http(origin.address(), "/?size=100", connectPerRequest), threads,
                    connections, REQUESTS);
            assertAllAnswered(result);
            assertEquals(Map.of(200, (long) REQUESTS), result.totals().statuses());
            assertEquals(connectPerRequest ? REQUESTS : connections, result.totals().connections());
            assertTrue(result.busyShare() > 0, "the CPU time of threads that ended within a second is lost");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/?size=0", "/?size=65536", "/?size=1m", "/?status=204", "/?status=304&delay=1ms"})
    void takesAnswersOfAnySize(String path) throws Exception {
        try (Origin origin = Origin.start(ANY_PORT, Service.HTTP, 1)) {
            LoadResult result = Loads.requests(Loads.http(origin.address(), path, false), 1, 4, 100);
            assertEquals(100, result.totals().answered());
            assertEquals(0, result.totals().failed());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "DELETE", "PATCH"})
    void knowsWhichAnswersHaveNoBody(String method) throws Exception {
        try (Origin origin = Origin.start(ANY_PORT, Service.HTTP, 1)) {
            assertEquals(100, Loads.requests(Loads.http(origin.address(), method, "/", new byte[0], false), 1, 4, 100)
                    .totals().answered());
        }
    }

    @Test
    void sendsBodiesThatNoSocketTakesAtOnce() throws Exception {
        try (Origin origin = Origin.start(ANY_PORT, Service.HTTP, 1)) {
            Target target = Loads.http(origin.address(), "POST", "/", new byte[20_000_000], false);
            assertEquals(10, Loads.requests(target, 1, 2, 10).totals().answered());
        }
    }

    @Test
    void sendsNoRequestWithinTheBodyOfOneThatIsAnsweredEarly() throws Exception {
        try (ScriptedServer server = new ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", false)) {
            Target target = Loads.http(server.address(), "POST", "/", new byte[20_000_000], false);
            LoadResult result = Loads.requests(target, 1, 1, 5);
            assertEquals(5, result.totals().answered());
            assertEquals(5, result.totals().connections(), "the rest of a body that is not sent ends its connection");
        }
    }

    @ParameterizedTest
    @CsvSource({"1, false", "128, true", "10000000, false"})
    void playsPingPong(int size, boolean connectPerRequest) throws Exception {
        try (Origin origin = Origin.start(ANY_PORT, Service.ECHO, 1)) {
            LoadResult result =
                    Loads.requests(Loads.tcp(origin.address(), Mode.PING_PONG, size, connectPerRequest), 2, 4, 20);
            assertEquals(20, result.totals().answered());
            assertEquals(20L * size, result.totals().bytes());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"UPLOAD", "DOWNLOAD", "DUPLEX"})
    void movesBytes(Mode mode) throws Exception {
        Service service = mode == Mode.UPLOAD ? Service.DISCARD : mode == Mode.DOWNLOAD ? Service.SEND : Service.ECHO;
        try (Origin origin = Origin.start(ANY_PORT, service, 1)) {
            LoadResult result = Loads.run(new LoadSettings(Loads.tcp(origin.address(), mode, 100_000, false),
                    new Pace(1, 4, Pace.CLOSED_LOOP, Pace.UNLIMITED),
                    new Span(Duration.ofMillis(100), Duration.ofMillis(300), TIMEOUT)));
            assertTrue(result.totals().bytes() > 0);
            assertTrue(result.isAnythingAnswered());
            assertEquals(0, result.totals().failed());
            assertEquals(4, result.totals().connections());
            assertEquals(0.3, result.seconds(), 1e-9);
        }
    }

    @Test
    void accountsForEachRequestOfAnOpenLoop() throws Exception {
        try (Origin origin = Origin.start(ANY_PORT, Service.HTTP, 1)) {
            LoadResult result = Loads.run(new LoadSettings(Loads.http(origin.address(), "/", false),
                    new Pace(2, 10, 2000, Pace.UNLIMITED),
                    new Span(Duration.ofMillis(100), Duration.ofMillis(500), TIMEOUT)));
            assertEquals(1000, result.totals().answered() + result.totals().unsent());
            assertEquals(result.totals().answered(), result.sinceDue().getTotalCount());
            assertEquals(result.totals().answered(), result.sinceSent().getTotalCount());
        }
    }

    @Test
    void countsTheTimeOfRequestsThatAreLateAtTheEnd() throws Exception {
        try (Origin origin = Origin.start(ANY_PORT, Service.HTTP, 1)) {
            LoadResult result = Loads.run(new LoadSettings(Loads.http(origin.address(), "/?delay=20ms", false),
                    new Pace(1, 1, 1000, Pace.UNLIMITED),
                    new Span(Duration.ofMillis(100), Duration.ofMillis(100), TIMEOUT)));
            assertTrue(result.totals().answered() > 0);
            double leastSeconds = (result.totals().answered() - 1) * 0.015;
            assertTrue(result.seconds() >= leastSeconds, "more answers than one connection can get in that time");
        }
    }

    @Test
    void sendsAllRequestsOfAnOpenLoopThatWereAskedForByNumber() throws Exception {
        try (Origin origin = Origin.start(ANY_PORT, Service.HTTP, 1)) {
            LoadResult result = Loads.requests(Loads.http(origin.address(), "/", true), new Pace(2, 4, 5000, REQUESTS),
                    TIMEOUT);
            assertAllAnswered(result);
        }
    }

    @Test
    void countsBadStatusesAndLeavesTheirLatenciesOut() throws Exception {
        try (Origin origin = Origin.start(ANY_PORT, Service.HTTP, 1)) {
            LoadResult result = Loads.requests(Loads.http(origin.address(), "/?error=10%", false), 1, 4, 1000);
            assertEquals(900, result.totals().answered());
            assertEquals(Map.of(Failure.STATUS, 100L), result.totals().failures());
            assertEquals(Map.of(200, 900L, 500, 100L), result.totals().statuses());
            assertEquals(900, result.latency().getTotalCount());
            assertEquals(4, result.totals().connections());
        }
    }

    @Test
    void countsResetsAndGoesOnWithNewConnections() throws Exception {
        try (Origin origin = Origin.start(ANY_PORT, Service.HTTP, 1)) {
            LoadResult result = Loads.requests(Loads.http(origin.address(), "/?reset=5%", false), 1, 4, 1000);
            assertEquals(950, result.totals().answered());
            assertEquals(Map.of(Failure.CLOSED, 50L), result.totals().failures());
        }
    }

    @Test
    void countsConnectionsThatAreRefused() throws Exception {
        LoadResult result = Loads.requests(Loads.http(Loopback.refusing(), "/", false), 1, 2, 6);
        assertEquals(Map.of(Failure.CONNECT, 6L), result.totals().failures());
        assertFalse(result.isAnythingAnswered());
    }

    @Test
    void countsRequestsThatAreNotAnsweredInTime() throws Exception {
        try (ScriptedServer server = new ScriptedServer("", false)) {
            LoadResult result = Loads.requests(Loads.http(server.address(), "/", false),
                    new Pace(1, 2, Pace.CLOSED_LOOP, 4), Duration.ofMillis(30));
            assertEquals(Map.of(Failure.TIMEOUT, 4L), result.totals().failures());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nab, CLOSED",
        "HTTP/1.1 200 OK\\r\\n, CLOSED",
        "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n2\\r\\nab\\r\\n, CLOSED",
        "HTTP/1.1 200 OK\\r\\nContent-Length: 1\\r\\n\\r\\nab, BROKEN",
        "HTTP/1.1 200 OK\\nContent-Length: 2\\n\\nab, BROKEN",
        "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nxy, BROKEN",
        "HTTP, CLOSED",
        "hello world\\r\\n\\r\\n, BROKEN",
        "HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: x\\r\\nConnection: Upgrade\\r\\n\\r\\n, BROKEN"})
    void tellsCutAnswersFromBrokenOnes(String answer, Failure failure) throws Exception {
        try (ScriptedServer server = new ScriptedServer(unescaped(answer), true)) {
            LoadResult result = Loads.requests(Loads.http(server.address(), "/", false), 1, 1, 3);
            assertEquals(Map.of(failure, 3L), result.totals().failures());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "HTTP/1.1 200 OK\\r\\n\\r\\nuntil the end",
        "HTTP/1.0 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nab",
        "HTTP/1.1 200 OK\\r\\nConnection: close\\r\\nContent-Length: 2\\r\\n\\r\\nab",
        "HTTP/1.1 103 Early Hints\\r\\nLink: x\\r\\n\\r\\nHTTP/1.1 204 No Content\\r\\nConnection: close\\r\\n\\r\\n"})
    void takesAnswersThatEndTheConnection(String answer) throws Exception {
        try (ScriptedServer server = new ScriptedServer(unescaped(answer), true)) {
            LoadResult result = Loads.requests(Loads.http(server.address(), "/", false), 1, 1, 3);
            assertEquals(3, result.totals().answered());
            assertEquals(3, result.totals().connections());
        }
    }

    @Test
    void takesChunkedAnswers() throws Exception {
        try (ScriptedServer server = new ScriptedServer(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nX: y\r\n\r\n",
                false)) {
            LoadResult result = Loads.requests(Loads.http(server.address(), "/", false), 1, 2, 10);
            assertEquals(10, result.totals().answered());
            assertEquals(2, result.totals().connections());
        }
    }

    @Test
    void endsEarlyWithWhatItHas() throws Exception {
        try (Origin origin = Origin.start(ANY_PORT, Service.HTTP, 1)) {
            LoadRun run = LoadRun.start(new LoadSettings(Loads.http(origin.address(), "/?delay=1h", false),
                    new Pace(1, 3, Pace.CLOSED_LOOP, Pace.UNLIMITED),
                    new Span(Duration.ZERO, Duration.ofHours(1), Duration.ofHours(1))));
            run.awaitMeasurement();
            run.awaitMoment();
            run.stop();
            LoadResult result = Loads.toEnd(run);
            assertEquals(3, result.totals().unfinished());
            assertTrue(result.seconds() < 3600);
        }
    }

    @Test
    void hasMeasuredNothingForNoTimeIfItEndsInItsWarmUp() throws Exception {
        try (Origin origin = Origin.start(ANY_PORT, Service.HTTP, 1)) {
            LoadRun run = LoadRun.start(new LoadSettings(Loads.http(origin.address(), "/", false),
                    new Pace(1, 3, Pace.CLOSED_LOOP, Pace.UNLIMITED),
                    new Span(Duration.ofHours(1), Duration.ofHours(1), TIMEOUT)));
            run.stop();
            LoadResult result = Loads.toEnd(run);
            assertEquals(0, result.totals().answered());
            assertEquals(0, result.seconds());
            assertEquals(0, result.ratePerSecond());
            assertEquals(0, result.bytesPerSecond());
            assertEquals(0, result.busyShare());
            assertEquals(0, result.moments().getLast().seconds());
        }
    }

    @Test
    void tellsWhatCameInSecondBySecond() throws Exception {
        try (Origin origin = Origin.start(ANY_PORT, Service.HTTP, 1)) {
            LoadResult result = Loads.requests(Loads.http(origin.address(), "/", false),
                    new Pace(1, 1, 1000, 1500), TIMEOUT);
            assertTrue(result.moments().size() >= 2);
            assertEquals(1500, result.moments().stream().mapToLong(Moment::answered).sum());
            assertEquals(result.totals().bytes(), result.moments().stream().mapToLong(Moment::bytes).sum());
        }
    }

    private static void assertAllAnswered(LoadResult result) {
        assertEquals(REQUESTS, result.totals().answered());
        assertEquals(Map.of(), result.totals().failures());
        assertEquals(REQUESTS, result.latency().getTotalCount());
    }

    private static String unescaped(String text) {
        return text.replace("\\r", "\r").replace("\\n", "\n");
    }
}
