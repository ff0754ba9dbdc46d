package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a newcomer sees who runs the default configuration. */
class DefaultConfigIT {

    @TempDir
    private Path directory;

    @Test
    void saysWhatListensAndBalancesOverTheDemoServers() throws Exception {
        Path config = ShippedFiles.defaultConfigWithFreePorts(directory);
        try (SluiceProcess sluice = SluiceProcess.run(config)) {
            int port = sluice.address("demo").getPort();
            assertTrue(sluice.out().contains("listener demo  127.0.0.1:" + port + "  ->  pool demo\n"), sluice::out);
            assertTrue(sluice.out().contains("\npool demo  round-robin:  apple ("), sluice::out);
            assertTrue(sluice.out().contains("  curl http://127.0.0.1:" + port + "/\n"), sluice::out);
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                answers.add(get(port));
            }
            assertEquals(2, answers.stream().filter("Hello from apple\n"::equals).count());
            assertEquals(2, answers.stream().filter("Hello from banana\n"::equals).count());
            assertEquals(2, answers.stream().filter("Hello from cherry\n"::equals).count());
            sluice.signal("TERM");
            assertEquals(ExitCode.OK, sluice.awaitExit());
            assertFalse(sluice.err().contains("WARNING"), sluice::err);
        }
    }

    @Test
    void needsNothingThatTheJvmIsAboutToForbid() throws Exception {
        Path config = ShippedFiles.defaultConfigWithFreePorts(directory);
        List<String> strict = List.of("--sun-misc-unsafe-memory-access=deny", "--illegal-native-access=deny");
        try (SluiceProcess sluice = SluiceProcess.start(strict, "run", "-f", config.toString()).awaitRunning()) {
            assertTrue(get(sluice.address("demo").getPort()).startsWith("Hello from "));
            sluice.signal("TERM");
            assertEquals(ExitCode.OK, sluice.awaitExit());
            assertFalse(sluice.err().contains("WARNING") || sluice.err().contains("Exception"), sluice::err);
        }
    }

    /** Each time over a new connection. */
    private static String get(int port) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build(),
                    BodyHandlers.ofString()).body();
        }
    }
}
