package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.sluice.config.SluiceConfig;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Any mistake keeps what runs as it is, and says where the mistake is and what to do. */
class BadReloadTest {

    @TempDir
    private Path directory;
    private NamedServer server;
    private HttpOrigin origin;
    private ServerSocket taken;
    private String good;
    private ReloadFixture fixture;

    @BeforeEach
    void start() throws Exception {
        server = NamedServer.start("server");
        origin = HttpOrigin.start("origin");
        taken = LoopbackPorts.listen();
        Files.writeString(directory.resolve("page.html"), "page");
        good = """
                workers: 2
                listeners:
                  - name: in
                    bind: 127.0.0.1:0
                    protocol: tcp
                    pool: db
                    session-log: off
                  - name: web
                    bind: 127.0.0.1:0
                    protocol: http
                    access-log: off
                    routes:
                      - match: { path: /a/** }
                        pool: web
                      - respond: { body: other }
                pools:
                  db:
                    servers: %s
                  web:
                    servers: %s
                    error-pages: { 503: page.html }
                """.formatted(NamedServer.entries(server), HttpOrigin.entries(origin));
        fixture = ReloadFixture.launch(good, directory);
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
        server.close();
        origin.close();
        taken.close();
    }

    /** What is written in place of what, where the error is, and part of what is said about it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            workers: 2              | workers: 0                     | 1:10  | workers: expected
            workers: 2              | workers: [                     | 3:3   | not YAML
            workers: 2              | worker: 2                      | 1:1   | did you mean
            workers: 2              | `workers: 2\tx: 3`             | 1:13  | not YAML
            workers: 2              | `workers: 2\nworkers: 3`       | 2:1   | already in line 1
            workers: 2              | drain-timeout: 5 parsecs       | 1:16  | drain-timeout
            workers: 2              | drain-timeout:                 | 1:15  | give it one
            workers: 2              | `workers: 2\ncpu-affinity: [0]` | 2:15 | one core for each of the workers
            workers: 2              | zero-copy: maybe               | 1:12  | zero-copy
            workers: 2              | buffers: { size: 1B }          | 1:18  | buffers.size
            name: web               | name: in                       | 8:11  | already taken in line 3
            name: web               | name: w b                      | 8:11  | the name of a listener is
            bind: 127.0.0.1:0       | bind: 127.0.0.1:99999          | 4:11  | bind
            bind: 127.0.0.1:0       | bind: example.com:80           | 4:11  | bind
            bind: 127.0.0.1:0       | bind: 127.0.0.1:TAKEN          | 4:11  | another process listens there
            bind: 127.0.0.1:0       | bind: 192.0.2.1:8000           | 4:11  | no interface of this host
            bind: 127.0.0.1:0       | bind: [127.0.0.1:0, 127.0.0.1:TAKEN] | 4:25 | in use
            protocol: tcp           | protocol: udp                  | 5:15  | unknown protocol
            pool: db                | pool: bd                       | 6:11  | no pool is named "bd"
            `    pool: db\n`        | ``                             | 3:5   | either routes or a pool
            `    pool: db\n`        | `    pool: db\n    role: primary\n` | 7:11 | tells which server is primary
            `    pool: db\n`        | `    pool: db\n    inspect: smtp\n` | 7:14 | inspect
            `    pool: db\n`        | `    routes: [{ match: { sni: a.test }, pool: bd }]\n` | 6:46 | did you mean "db"
            session-log: off        | session-log: { file: missing/x.log } | 7:26 | create
            session-log: off        | session-log: { file: . }       | 7:26  | its log cannot be opened
            access-log: off         | access-log: { file: missing/x.log } | 11:25 | no such file or directory
            access-log: off         | access-log: { format: xml }    | 11:27 | expected combined, json or
            /a/**                   | a                              | 13:24 | path
            pool: web               | pool: wbe                      | 14:15 | did you mean "web"
            pool: web               | redirect: { to: /, status: 999 } | 14:36 | status
            `respond: { body: other }` | respnd: { body: other }     | 15:9  | unknown key
            `servers: [`            | `balance: fist\n    servers: [` | 18:14 | did you mean "first"
            `servers: [`            | `health-check: { type: tcp, rise: 0 }\n    servers: [` | 18:38 | rise
            127.0.0.1:SERVER        | 127.0.0.1:0                    | 18:40 | expected a port
            name: server            | name: server, weight: 257      | 18:39 | from 0 to 256
            error-pages: { 503: page.html } | error-pages: { 503: page.htm } | 21:25 | no such file
            error-pages: { 503: page.html } | error-pages: { 200: page.html } | 21:20 | 200
            error-pages: { 503: page.html } | retry: { on: [500] }   | 21:19 | unknown value
            """)
    void keepsWhatRunsAndSaysWhereTheMistakeIs(String text, String mistake, String position, String said)
            throws Exception {
        SluiceConfig before = fixture.sluice().control().config();
        long descriptors = descriptors();
        String bad = replaceFirst(good, concrete(text), mistake == null ? "" : concrete(mistake));
        Exception refusal = assertThrows(Exception.class, () -> fixture.reload(bad));
        String message = refusal.getMessage();
        assertTrue(message.startsWith("test.yaml:" + position + ": "), message);
        assertTrue(message.contains(said == null ? "" : said), message);
        assertEquals(before, fixture.sluice().control().config());
        assertEquals(1, fixture.sluice().control().generations().size());
        // Fewer if what an earlier test left to be closed is closed only now.
        await().until(() -> descriptors() <= descriptors);
        assertServes();
    }

    @Test
    void tellsAllThatIsAmissAtOnce() throws Exception {
        String bad = good.replaceFirst("127.0.0.1:0", "127.0.0.1:" + taken.getLocalPort())
                .replace("access-log: off", "access-log: { file: missing/x.log }");
        Exception refusal = assertThrows(Exception.class, () -> fixture.reload(bad));
        assertEquals(List.of("test.yaml:4:11", "test.yaml:11:25"), refusal.getMessage().lines()
                .filter(line -> line.startsWith("test.yaml")).map(line -> line.replaceAll(": .*", "")).toList());
        assertServes();
    }

    @Test
    void takesTheConfigurationOnceItIsMended() throws Exception {
        assertThrows(Exception.class, () -> fixture.reload(good.replace("pool: db", "pool: bd")));
        String mended = good.replace("protocol: tcp", "protocol: tcp\n    max-connections: 9");
        assertEquals("listener in changed (max-connections)",
                fixture.reload(mended).orElseThrow().changes().summary());
        assertServes();
    }

    private void assertServes() throws Exception {
        try (TestClient client = TestClient.to(fixture.address("in"));
             HttpPeer web = HttpPeer.to(fixture.address("web"))) {
            assertEquals("server", client.askForName());
            assertEquals("origin /a/", web.get("/a/").body());
            assertEquals("other", web.get("/").body());
        }
    }

    private String concrete(String text) {
        return text.replace("TAKEN", Integer.toString(taken.getLocalPort()))
                .replace("SERVER", Integer.toString(server.port())).replace("\\n", "\n").replace("\\t", "\t");
    }

    private static String replaceFirst(String text, String part, String replacement) {
        int at = text.indexOf(part);
        assertTrue(at >= 0, part);
        return text.substring(0, at) + replacement + text.substring(at + part.length());
    }

    private static long descriptors() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }
}
