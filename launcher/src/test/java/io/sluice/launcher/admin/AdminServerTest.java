package io.sluice.launcher.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.AdminConfig;
import io.sluice.config.Endpoint;
import io.sluice.config.parse.AdminAccess;
import io.sluice.launcher.admin.Route.Takes;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in at the admin address, and what a client can make it do. */
class AdminServerTest {

    private static final long PATIENCE_MS = 60_000;
    private static final Endpoint BIND = new Endpoint("127.0.0.1", 0);

    /** More than is sent at a time, and than a socket takes. */
    private static final String LARGE = "0123456789abcde\n".repeat(1 << 19);

    @TempDir
    private Path directory;
    private AdminServer server;
    private int changes;

    @BeforeEach
    void start() throws IOException {
        server = start(config(Optional.empty()), PATIENCE_MS);
    }

    @AfterEach
    void stop() {
        server.close();
        assertEquals(0, changes, "what is refused must change nothing");
    }

    private static AdminConfig config(Optional<Path> socket) {
        return new AdminConfig(BIND, socket, Optional.empty(), Optional.empty(), Optional.empty(), false);
    }

    private AdminServer start(AdminConfig config, long patienceMs) throws IOException {
        Routes routes = new Routes(List.of(
                Route.open("GET", "/livez", _ -> Answer.text(200, "text/plain", "ok")),
                Route.open("GET", "/large", _ -> Answer.text(200, "text/plain", LARGE)),
                Route.of("GET", "/api/v1/things/{thing}", call -> Answer.json(call.parts())).asking("deep", "wide"),
                Route.of("POST", "/api/v1/things", _ -> {
                    changes++;
                    return Answer.json("done");
                }).taking(Takes.JSON)));
        return AdminServer.start(new AdminAccess(config, directory.resolve("admin.token")), routes, patienceMs);
    }

    @Test
    void makesATokenThatOnlyItsOwnerCanRead() throws IOException {
        Path file = directory.resolve("admin.token");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(43, Files.readString(file).strip().length());
    }

    @Test
    void keepsTheTokenThatThereIs() throws IOException {
        String before = Files.readString(directory.resolve("admin.token"));
        start(config(Optional.empty()), PATIENCE_MS).close();
        assertEquals(before, Files.readString(directory.resolve("admin.token")));
    }

    @Test
    void refusesAFileWithoutAToken() throws IOException {
        Files.writeString(directory.resolve("admin.token"), "\n");
        assertThrows(IOException.class, () -> start(config(Optional.empty()), PATIENCE_MS));
    }

    /** Neither can it be deleted there, which Jetty tries on its way out. */
    @Test
    void saysWhichSocketCannotBeMade() {
        Path socket = directory.resolve("admin.token/admin.sock");
        IOException refusal = assertThrows(IOException.class, () -> start(config(Optional.of(socket)), PATIENCE_MS));
        assertEquals(socket + ": Not a directory", refusal.getMessage());
    }

    @Test
    void answersWhoShowsTheToken() throws IOException {
        String answer = ask(get("/api/v1/things/one", token()));
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        assertTrue(answer.endsWith("{\"thing\":\"one\"}"), answer);
    }

    @Test
    void sendsALargeAnswerWhole() throws IOException {
        String answer = ask(get("/large"));
        assertTrue(answer.contains("\r\nContent-Length: " + LARGE.length() + "\r\n"));
        assertEquals(LARGE, answer.substring(answer.indexOf("\r\n\r\n") + 4));
    }

    @Test
    void sendsOfALargeAnswerTheHeadAlone() throws IOException {
        String answer = ask(get("/large").replace("GET ", "HEAD "));
        assertTrue(answer.contains("\r\nContent-Length: " + LARGE.length() + "\r\n"), answer);
        assertTrue(answer.endsWith("\r\n\r\n"), answer);
    }

    @Test
    void refusesWhoShowsNone() throws IOException {
        String answer = ask(get("/api/v1/things/one"));
        assertTrue(answer.startsWith("HTTP/1.1 401 "), answer);
        assertTrue(answer.contains("WWW-Authenticate: Bearer"), answer);
        assertTrue(answer.contains("Content-Type: application/problem+json"), answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "Bearer x", "Basic eDp5", "Bearer \u00e4"})
    void refusesAnyOtherToken(String authorization) throws IOException {
        assertStatus(401, get("/api/v1/things/one", "Authorization: " + authorization));
        assertStatus(401, post("{}", "Authorization: " + authorization));
    }

    @Test
    void refusesATokenThatOnlyBeginsRight() throws IOException {
        assertStatus(401, get("/api/v1/things/one", token().substring(0, token().length() - 1)));
        assertStatus(401, get("/api/v1/things/one", token() + "x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Origin: http://evil.example", "Origin: null", "Origin: http://127.0.0.1:1",
        "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site"})
    void refusesOtherSitesEvenWithTheToken(String header) throws IOException {
        assertStatus(403, post("{}", token(), header));
        assertStatus(403, get("/api/v1/things/one", token(), header));
    }

    @Test
    void neverAllowsAnotherSiteAnything() throws IOException {
        String answer = ask("OPTIONS /api/v1/things HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://evil.example\r\n"
                + "Access-Control-Request-Method: POST\r\nConnection: close\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 403 "), answer);
        assertFalse(answer.contains("Access-Control-Allow"), answer);
    }

    @Test
    void letsItsOwnPageAsk() throws IOException {
        assertStatus(200, get("/api/v1/things/one", token(), "Origin: http://127.0.0.1",
                "Sec-Fetch-Site: same-origin"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1",
        "dead.beef"})
    void refusesANameThatHasBeenRebound(String host) throws IOException {
        assertStatus(421, get("/api/v1/things/one", token()).replace("Host: 127.0.0.1", "Host: " + host));
        assertStatus(421, get("/livez").replace("Host: 127.0.0.1", "Host: " + host));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:8888", "127.0.0.1:9090", "[::1]:9090"})
    void isKnownByTheNamesOfThisHost(String host) throws IOException {
        assertStatus(200, get("/livez").replace("Host: 127.0.0.1", "Host: " + host));
    }

    @Test
    void refusesABodyThatIsTooLarge() throws IOException {
        String head = "POST /api/v1/things HTTP/1.1\r\nHost: 127.0.0.1\r\n" + token()
                + "\r\nContent-Type: application/json\r\n";
        assertStatus(413, head + "Content-Length: 1048577\r\n\r\n");
        String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
        assertStatus(413, head + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(17));
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=x", "deep=true&limit=1", "Deep=true", "=", "%zz"})
    void refusesParametersThatItWouldIgnore(String query) throws IOException {
        assertStatus(400, get("/api/v1/things/one?" + query, token()));
    }

    @Test
    void namesTheParametersThatItKnows() throws IOException {
        String answer = ask(get("/api/v1/things/one?depe=true", token()));
        assertTrue(answer.contains("unknown parameter depe; known here: deep, wide"), answer);
    }

    /** Outside the API, whoever asks may have habits. */
    @ParameterizedTest
    @ValueSource(strings = {"/livez?verbose", "/api/v1/things/one?deep=true"})
    void takesOtherParameters(String path) throws IOException {
        assertStatus(200, get(path, token()));
    }

    @Test
    void refusesABodyThatIsNotJson() throws IOException {
        assertStatus(415, post("a=b", token()).replace("application/json", "application/x-www-form-urlencoded"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost : x\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "nonsense\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "GET / HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"})
    void answersToNonsenseAsToAllThatItRefuses(String request) throws IOException {
        String answer = ask(request);
        int status = Integer.parseInt(answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 ".length() + 3));
        assertTrue(status >= 400, answer);
        assertTrue(answer.contains("Content-Type: application/problem+json"), answer);
        assertTrue(answer.contains("X-Content-Type-Options: nosniff"), answer);
        assertTrue(answer.contains("\"status\":" + status), answer);
    }

    @Test
    void refusesALongHead() throws IOException {
        assertStatus(431, get("/livez", "X-Long: " + "x".repeat(9000)));
    }

    @Test
    void saysWhatIsAllowed() throws IOException {
        String answer = ask(get("/api/v1/things", token()));
        assertTrue(answer.startsWith("HTTP/1.1 405 "), answer);
        assertTrue(answer.contains("Allow: POST"), answer);
        assertStatus(404, get("/api/v1/nothing", token()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/../admin/AdminServer.class", "/%2e%2e/admin/AdminServer.class", "/..%2fadmin/x.js",
        "/webjars/../../../x.js", "//x.js"})
    void servesNothingButItsPages(String path) throws IOException {
        String answer = ask(get(path));
        assertTrue(answer.startsWith("HTTP/1.1 404 ") || answer.startsWith("HTTP/1.1 400 "), answer);
    }

    @Test
    void tellsBrowsersToLoadAndEmbedNothingElse() throws IOException {
        String answer = ask(get("/livez"));
        assertTrue(answer.contains("Content-Security-Policy: default-src 'none';"), answer);
        assertTrue(answer.contains("X-Content-Type-Options: nosniff"), answer);
    }

    @Test
    void endsAConnectionWhoseHeadNeverEnds() throws Exception {
        try (AdminServer impatient = start(config(Optional.empty()), 200);
             Socket slow = new Socket(impatient.address().getAddress(), impatient.address().getPort())) {
            slow.getOutputStream().write("GET /livez HTTP/1.1\r\nHost: 127".getBytes(US_ASCII));
            assertEquals(-1, slow.getInputStream().read());
        }
    }

    @Test
    @Timeout(60)
    void servesOnWhenSlowClientsHaveTakenAllConnections() throws Exception {
        List<Socket> crowd = new ArrayList<>();
        Path path = directory.resolve("admin.sock");
        try (AdminServer impatient = start(config(Optional.of(path)), 200)) {
            for (int i = 0; i < 100; i++) {
                crowd.add(new Socket(impatient.address().getAddress(), impatient.address().getPort()));
                crowd.getLast().getOutputStream().write('G');
            }
            try (Socket client = new Socket(impatient.address().getAddress(), impatient.address().getPort())) {
                assertTrue(converse(client, get("/livez")).startsWith("HTTP/1.1 200 "));
            }
            assertTrue(askSocket(path).startsWith("HTTP/1.1 200 "));
        } finally {
            for (Socket socket : crowd) {
                socket.close();
            }
        }
    }

    @Test
    void servesAUnixSocketThatOnlyItsOwnerCanOpen() throws Exception {
        Path path = directory.resolve("admin.sock");
        try (AdminServer _ = start(config(Optional.of(path)), PATIENCE_MS)) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            assertTrue(askSocket(path).startsWith("HTTP/1.1 200 "));
        }
    }

    @Test
    void takesTheSocketOfAProcessThatIsGoneAndNoOther() throws Exception {
        Path path = directory.resolve("admin.sock");
        try (ServerSocketChannel gone = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            gone.bind(UnixDomainSocketAddress.of(path));
            assertThrows(IOException.class, () -> start(config(Optional.of(path)), PATIENCE_MS));
        }
        start(config(Optional.of(path)), PATIENCE_MS).close();
        Path file = Files.writeString(directory.resolve("precious"), "text");
        assertThrows(IOException.class, () -> start(config(Optional.of(file)), PATIENCE_MS));
        assertEquals("text", Files.readString(file));
    }

    private static String askSocket(Path path) throws IOException {
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            client.write(ByteBuffer.wrap(get("/livez").replace("Host: 127.0.0.1", "Host: sluice").getBytes(US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(8192);
            while (client.read(answer) >= 0) {
                assertNotNull(answer);
            }
            return new String(answer.array(), 0, answer.position(), US_ASCII);
        }
    }

    private String token() {
        return "Authorization: " + server.token().authorization();
    }

    private static String get(String path, String... headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + lines(headers) + "Connection: close\r\n\r\n";
    }

    private static String post(String body, String... headers) {
        return "POST /api/v1/things HTTP/1.1\r\nHost: 127.0.0.1\r\n" + lines(headers)
                + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\nConnection: close\r\n\r\n"
                + body;
    }

    private static String lines(String... headers) {
        return headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    }

    private void assertStatus(int status, String request) throws IOException {
        String answer = ask(request);
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
    }

    private String ask(String request) throws IOException {
        try (Socket client = new Socket(server.address().getAddress(), server.address().getPort())) {
            return converse(client, request);
        }
    }

    /** The answer until the connection ends, by a reset as well: then the server has not read all of the request. */
    private static String converse(Socket client, String request) throws IOException {
        StringBuilder answer = new StringBuilder();
        try {
            client.getOutputStream().write(request.getBytes(UTF_8));
            byte[] chunk = new byte[8192];
            InputStream in = client.getInputStream();
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                answer.append(new String(chunk, 0, read, US_ASCII));
            }
        } catch (IOException e) {
            if (answer.isEmpty()) {
                throw e;
            }
        }
        return answer.toString();
    }
}
