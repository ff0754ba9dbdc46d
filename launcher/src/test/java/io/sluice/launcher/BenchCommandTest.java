package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.bench.origin.Origin;
import io.sluice.bench.origin.Service;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code sluice bench} against origins, directly and through Sluice. */
class BenchCommandTest {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    private Path directory;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void goesThroughSluice() throws Exception {
        try (Origin origin = Origin.start(ANY_PORT, Service.HTTP, 1);
             Sluice sluice = HttpSluice.launch("pool: pool",
                     "[{ name: origin, address: \"127.0.0.1:" + origin.address().getPort() + "\" }]", "")) {
            String url = "http://127.0.0.1:" + sluice.addresses("in").getFirst().getPort();
            JsonNode result = json(ExitCode.OK, url + "/?size=5000&error=1%25", "-n", "2000", "-c", "8", "-t", "2",
                    "-H", "Accept: text/plain");
            assertEquals(1980, result.get("answered").asInt());
            assertEquals(20, result.get("failures").get("status").asInt());
            assertEquals(20, result.get("failed").asInt());
            assertEquals(20, result.get("statuses").get("500").asInt());
        }
    }

    @Test
    void keepsTheRateInAnOpenLoop() throws Exception {
        try (Origin origin = Origin.start(ANY_PORT, Service.HTTP, 1)) {
            JsonNode result = json(ExitCode.OK, http(origin, "/"), "--rate", "400", "-d", "1s", "--warm-up", "100ms");
            assertEquals(400, result.get("answered").asInt() + result.get("unsent").asInt());
            assertEquals(400, result.get("settings").get("rate").asInt());
            assertTrue(result.get("uncorrected_latency_ms").has("p99.9"));
        }
    }

    @Test
    void sendsMethodHeadersAndBody() throws Exception {
        Path body = Files.writeString(directory.resolve("body"), "{ \"a\": 'b' } # \n".repeat(10_000));
        try (Origin origin = Origin.start(ANY_PORT, Service.HTTP, 1)) {
            JsonNode result = json(ExitCode.OK, http(origin, "/?status=201"), "-n", "10", "-c", "2", "-m", "POST",
                    "-H", "Content-Type: text/plain", "-b", "@" + body, "--connect-per-request");
            assertEquals(10, result.get("statuses").get("201").asInt());
            assertEquals(10, result.get("connections_opened").asInt());
            assertTrue(result.get("settings").get("request_bytes").asInt() > Files.size(body));
        }
    }

    @Test
    void playsPingPongOverTcp() throws Exception {
        try (Origin origin = Origin.start(ANY_PORT, Service.ECHO, 1)) {
            JsonNode result = json(ExitCode.OK, tcp(origin), "-n", "100", "-c", "4", "--size", "1k");
            assertEquals(100, result.get("answered").asInt());
            assertEquals(100 * 1024, result.get("bytes").asInt());
        }
    }

    @Test
    void movesBytesOverTcp() throws Exception {
        try (Origin origin = Origin.start(ANY_PORT, Service.SEND, 1)) {
            JsonNode result = json(ExitCode.OK, tcp(origin), "--mode", "download", "-d", "200ms", "--warm-up", "0s");
            assertTrue(result.get("bytes").asLong() > 0);
            assertEquals("download", result.get("settings").get("mode").asString());
            assertTrue(result.get("latency_ms").isNull());
        }
    }

    @Test
    void writesTableAndFiles() throws Exception {
        Path json = directory.resolve("result.json");
        Path html = directory.resolve("result.html");
        Path hgrm = directory.resolve("result.hgrm");
        try (Origin origin = Origin.start(ANY_PORT, Service.HTTP, 1)) {
            assertEquals(ExitCode.OK, run(http(origin, "/"), "-n", "50", "-c", "2", "--json", json.toString(),
                    "--html", html.toString(), "--hgrm", hgrm.toString()), err::toString);
        }
        assertTrue(out.toString().contains("answered    50 in "), out::toString);
        assertTrue(out.toString().contains("\n99.9 "), out::toString);
        assertEquals(50, JsonMapper.shared().readTree(Files.readString(json)).get("answered").asInt());
        assertTrue(Files.readString(html).contains(Files.readString(json)), "the page holds the JSON");
        assertTrue(Files.readString(hgrm).contains("#[Max "), "HdrHistogram's plotter's format");
        assertEquals("", err.toString());
    }

    @Test
    void tellsHowItGoesIfAskedTo() throws Exception {
        try (Origin origin = Origin.start(ANY_PORT, Service.HTTP, 1)) {
            assertEquals(ExitCode.OK, run(http(origin, "/"), "-n", "150", "-R", "100", "--progress"));
        }
        assertTrue(err.toString().matches("(?s) +1 s .*/s   p50 .* ms   p99 .* ms   failed 0\n.*"), err::toString);
    }

    @Test
    void failsIfNothingAnswers() throws Exception {
        JsonNode result = json(ExitCode.NOTHING_ANSWERED, "http://127.0.0.1:" + LoopbackPorts.free(), "-n", "3",
                "-c", "1");
        assertEquals(3, result.get("failures").get("connect").asInt());
        assertTrue(result.get("latency_ms").isNull());
    }

    @Test
    void countsTimeouts() throws Exception {
        try (ServerSocket silent = LoopbackPorts.listen()) {
            JsonNode result = json(ExitCode.NOTHING_ANSWERED, "http://127.0.0.1:" + silent.getLocalPort(), "-n", "2",
                    "-c", "2", "--timeout", "50ms");
            assertEquals(2, result.get("failures").get("timeout").asInt());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "http://h -x", "h:80", "https://h", "tcp://127.0.0.1", "http://127.0.0.1 -c 0",
        "http://127.0.0.1 -t 2 -c 1", "http://127.0.0.1 -R 0", "http://127.0.0.1 -R x", "http://127.0.0.1 -n 0",
        "http://127.0.0.1 -d 0s", "http://127.0.0.1 -d 10", "http://127.0.0.1 --timeout 0s",
        "http://127.0.0.1 --size 10", "http://127.0.0.1 --mode upload", "http://127.0.0.1 -m CONNECT",
        "http://127.0.0.1 -H no-colon", "tcp://127.0.0.1:1 -m GET", "tcp://127.0.0.1:1 --mode sideways",
        "tcp://127.0.0.1:1 --mode http", "tcp://127.0.0.1:1 --size 0", "tcp://127.0.0.1:1 --mode upload -n 5",
        "tcp://127.0.0.1:1 --mode upload -R 5", "tcp://127.0.0.1:1 --mode upload --size 5"})
    void refusesWhatMakesNoSense(String arguments) {
        assertEquals(ExitCode.USAGE, run(arguments.isEmpty() ? new String[0] : arguments.split(" ")));
        assertTrue(err.toString().contains("Usage: sluice bench"), err::toString);
    }

    /** Not the name of the service that {@code --tcp} stands instead of. */
    @ParameterizedTest
    @ValueSource(strings = {"foo", "http", "HTTP"})
    void namesWhatAnOriginCanDoOverTcp(String service) {
        PrintWriter to = new PrintWriter(err);
        assertEquals(ExitCode.USAGE, SluiceCommand.commandLine().setErr(to).execute("origin", "--tcp", service));
        assertTrue(err.toString().startsWith("Invalid value for option '--tcp': '" + service
                + "' is none of echo, send and discard\n"), err::toString);
    }

    @Test
    void saysBeforeTheRunThatAResultCannotBeWritten() throws IOException {
        Path file = directory.resolve("absent").resolve("result.json");
        assertEquals(ExitCode.CANNOT_START, run("http://127.0.0.1:" + LoopbackPorts.free(), "--json", file.toString()));
        assertTrue(err.toString().startsWith("the result cannot be written to " + file), err::toString);
    }

    @Test
    void saysThatABodyCannotBeRead() {
        Path file = directory.resolve("absent");
        assertEquals(ExitCode.CANNOT_START, run("http://127.0.0.1:1", "-b", "@" + file));
        assertTrue(err.toString().startsWith("the body cannot be read: "), err::toString);
    }

    private static String http(Origin origin, String path) {
        return "http://127.0.0.1:" + origin.address().getPort() + path;
    }

    private static String tcp(Origin origin) {
        return "tcp://127.0.0.1:" + origin.address().getPort();
    }

    private JsonNode json(int exitCode, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--json", "-"));
        assertEquals(exitCode, run(all.toArray(String[]::new)), err::toString);
        return JsonMapper.shared().readTree(out.toString());
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("bench"));
        all.addAll(List.of(arguments));
        CommandLine commandLine = SluiceCommand.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(all.toArray(String[]::new));
    }
}
