package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.address.Addresses;
import io.sluice.l7.http.HttpError;
import io.sluice.l7.proxy.Excerpt;
import io.sluice.l7.proxy.Fault;
import io.sluice.l7.proxy.RefusedMessage;
import io.sluice.launcher.observe.PrometheusMetrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests and responses that are refused are kept for an operator, in short and with the byte at fault. */
class RefusedMessagesTest {

    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    @TempDir
    private Path directory;
    private Path log;
    private HttpOrigin origin;
    private Sluice sluice;
    /** What the server answers. */
    private volatile String answer = HttpOrigin.ok("good");

    @BeforeEach
    void start() throws Exception {
        log = directory.resolve("access.log");
        origin = HttpOrigin.start("server", (_, peer, _) -> peer.send(answer));
        sluice = InProcess.launch("""
                workers: 1
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: http, pool: pool,
                              limits: { body-bytes: 1000000 },
                              access-log: { file: %s, format: json } }]
                pools: { pool: { servers: %s } }
                """.formatted(log, HttpOrigin.entries(origin)));
    }

    @AfterEach
    void stop() throws Exception {
        sluice.close();
        origin.close();
    }

    @Test
    void tellsWhoSentWhatAndWhereItIsWrong() throws Exception {
        RefusedMessage kept = refused("GET /a HTTP/1.1\r\nHost: test\r\nCookie: id=secret\r\nX : y\r\n\r\n");
        assertFalse(kept.isResponse());
        assertEquals("in", kept.parties().listener());
        assertEquals(HttpError.SPACE_BEFORE_COLON, kept.reason());
        assertEquals(new Fault(Fault.Part.HEAD, 49, new Excerpt(
                "GET /a HTTP/1.1\\r\\nHost: test\\r\\nCookie: *********\\r\\nX", " ", ": y\\r\\n\\r\\n")),
                kept.fault());
    }

    @Test
    void tellsOfPathsWhereTheyStandInTheHead() throws Exception {
        RefusedMessage kept = refused("GET /ab%zz HTTP/1.1\r\nHost: test\r\n\r\n");
        assertEquals(HttpError.BAD_PERCENT_ENCODING, kept.reason());
        assertEquals("GET /ab", kept.fault().excerpt().before());
        assertEquals("%", kept.fault().excerpt().at());
    }

    @Test
    void tellsOfALengthWhereItStandsInTheHead() throws Exception {
        RefusedMessage kept = lastAfter("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 1000001\r\n\r\n", 413);
        assertEquals(HttpError.BODY_TOO_LARGE, kept.reason());
        assertEquals(Fault.Part.HEAD, kept.fault().part());
        assertTrue(kept.fault().excerpt().before().endsWith("Content-Length: "));
        assertEquals("1", kept.fault().excerpt().at());
    }

    @Test
    void tellsOfBodies() throws Exception {
        RefusedMessage kept =
                refused("POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nxyz\r\n");
        assertFalse(kept.isResponse());
        assertEquals(HttpError.BAD_CHUNK_SIZE, kept.reason());
        assertEquals(new Fault(Fault.Part.BODY, 3, new Excerpt("", "x", "yz\\r\\n")), kept.fault());
    }

    @Test
    void tellsOfTrailersOfEitherDirection() throws Exception {
        String trailers = "3\r\nabc\r\n0\r\nX-Ok: 1\r\nX-Bad : 2\r\n\r\n";
        Fault expected = new Fault(Fault.Part.TRAILERS, 14, new Excerpt("X-Ok: 1\\r\\nX-Bad", " ", ": 2\\r\\n\\r\\n"));
        assertEquals(expected, refused("POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n" + trailers)
                .fault());
        assertEquals(expected, refusedResponse(CHUNKED + trailers).fault());
    }

    @Test
    void keepsNoMoreThanAFewOfOneSecond() throws Exception {
        for (int i = 0; i < 100; i++) {
            refused("GET /" + i + "\r\n\r\n");
        }
        assertTrue(sluice.control().refusedMessages().size() <= 64);
        assertEquals(100, sluice.refusals(HttpError.BAD_REQUEST_LINE));
    }

    @Test
    void tellsWhichServerAnsweredGarbage() throws Exception {
        RefusedMessage kept = refusedResponse("HTTP/1.1 OK\r\n\r\n");
        assertEquals("in", kept.parties().listener());
        assertEquals("pool", kept.parties().pool());
        assertEquals("server", kept.parties().server());
        assertEquals(HttpError.BAD_STATUS_LINE, kept.reason());
        assertEquals(new Fault(Fault.Part.HEAD, 9, new Excerpt("HTTP/1.1 ", "O", "K\\r\\n\\r\\n")), kept.fault());
    }

    @Test
    void tellsOfResponsesWithTwoFramingsAndMasksTheirCookies() throws Exception {
        RefusedMessage kept = refusedResponse("HTTP/1.1 200 OK\r\nSet-Cookie: id=secret\r\nContent-Length: 5\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        assertEquals(HttpError.LENGTH_AND_TRANSFER_ENCODING, kept.reason());
        assertEquals(Fault.Part.HEAD, kept.fault().part());
        assertEquals("HTTP/1.1 200 OK\\r\\nSet-Cookie: *********\\r\\nContent-Length: 5\\r\\nTransfer-Encoding: ",
                kept.fault().excerpt().before());
        assertEquals("c", kept.fault().excerpt().at());
    }

    @Test
    void tellsOfBadChunksOfResponses() throws Exception {
        RefusedMessage kept = refusedResponse(CHUNKED + "4\r\ngood\r\nxyz\r\n");
        assertEquals(HttpError.BAD_CHUNK_SIZE, kept.reason());
        assertEquals(new Fault(Fault.Part.BODY, 4, new Excerpt("", "x", "yz\\r\\n")), kept.fault());
    }

    @Test
    void tellsOfResponsesThatBreakWhenAPartHasLeft() throws Exception {
        answer = CHUNKED + "4\r\ngood\r\n";
        try (HttpPeer client = HttpPeer.to(sluice)) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            assertEquals(200, client.head().status());
            origin.server().sendToAll("xyz\r\n");
            assertTrue(client.awaitEndByReset());
        }
        RefusedMessage kept = sluice.control().refusedMessages().getFirst();
        assertTrue(kept.isResponse());
        assertEquals(new Fault(Fault.Part.BODY, 4, new Excerpt("", "x", "yz\\r\\n")), kept.fault());
    }

    @Test
    void countsAndLogsWhyAResponseWasRefused() throws Exception {
        refusedResponse("HTTP/1.1 200 OK\nX: y\n\n");
        await().until(() -> Files.readString(log).contains("\"refusal\":\"bare-lf\""));
        String page = new String(new PrometheusMetrics(sluice.observer(), System::nanoTime).page("", false).body(),
                StandardCharsets.UTF_8);
        String line = "sluice_server_refused_responses_total{pool=\"pool\",server=\"server\",reason=\"bare-lf\"} 1";
        assertTrue(page.lines().anyMatch(line::equals), page);
    }

    @Test
    void tellsOfUpgradesThatNobodyAskedFor() throws Exception {
        RefusedMessage kept = refusedResponse("HTTP/1.1 101 Switching Protocols\r\n\r\nraw");
        assertEquals(HttpError.UNEXPECTED_UPGRADE, kept.reason());
        assertEquals(new Fault(Fault.Part.HEAD, 9,
                new Excerpt("HTTP/1.1 ", "1", "01 Switching Protocols\\r\\n\\r\\n")), kept.fault());
    }

    @Test
    void keepsNothingOfGoodMessages() throws Exception {
        try (HttpPeer client = HttpPeer.to(sluice)) {
            assertEquals("good", client.get("/").body());
        }
        assertEquals(List.of(), sluice.control().refusedMessages());
    }

    /** What is kept of it, or of another one if there are too many. */
    private RefusedMessage refused(String request) throws Exception {
        return lastAfter(request, 400);
    }

    private RefusedMessage refusedResponse(String response) throws Exception {
        answer = response;
        RefusedMessage kept = lastAfter("GET / HTTP/1.1\r\nHost: test\r\n\r\n", 502);
        assertTrue(kept.isResponse());
        return kept;
    }

    private RefusedMessage lastAfter(String request, int status) throws IOException {
        try (HttpPeer client = HttpPeer.to(sluice)) {
            client.send(request);
            assertEquals(status, client.response().status());
            List<RefusedMessage> kept = sluice.control().refusedMessages();
            String address = Addresses.toText((InetSocketAddress) client.socket().getLocalSocketAddress());
            if (kept.size() == 1) {
                assertEquals(address, kept.getFirst().parties().client());
            }
            return kept.getLast();
        }
    }
}
