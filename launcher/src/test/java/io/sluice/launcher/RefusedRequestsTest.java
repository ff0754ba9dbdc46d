package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.log.Addresses;
import io.sluice.l7.http.HttpError;
import io.sluice.l7.proxy.RefusedRequest;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that are refused are kept for an operator, in short and with the byte at fault. */
class RefusedRequestsTest {

    private HttpOrigin origin;
    private Sluice sluice;

    @BeforeEach
    void start() throws Exception {
        origin = HttpOrigin.start("server");
        sluice = HttpSluice.launch("pool: pool", HttpOrigin.entries(origin), "");
    }

    @AfterEach
    void stop() throws Exception {
        sluice.close();
        origin.close();
    }

    @Test
    void tellsWhoSentWhatAndWhereItIsWrong() throws Exception {
        RefusedRequest kept = refused("GET /a HTTP/1.1\r\nHost: test\r\nCookie: id=secret\r\nX : y\r\n\r\n", 400);
        assertEquals("in", kept.listener());
        assertEquals(HttpError.SPACE_BEFORE_COLON, kept.reason());
        assertEquals(RefusedRequest.Part.HEAD, kept.part());
        assertEquals("GET /a HTTP/1.1\\r\\nHost: test\\r\\nCookie: *********\\r\\nX", kept.before());
        assertEquals(" ", kept.fault());
        assertEquals(": y\\r\\n\\r\\n", kept.after());
        assertEquals(49, kept.offset());
    }

    @Test
    void tellsOfPathsWhereTheyStandInTheHead() throws Exception {
        RefusedRequest kept = refused("GET /ab%zz HTTP/1.1\r\nHost: test\r\n\r\n", 400);
        assertEquals(HttpError.BAD_PERCENT_ENCODING, kept.reason());
        assertEquals("GET /ab", kept.before());
        assertEquals("%", kept.fault());
    }

    @Test
    void tellsOfBodies() throws Exception {
        RefusedRequest kept =
                refused("POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nxyz\r\n", 400);
        assertEquals(HttpError.BAD_CHUNK_SIZE, kept.reason());
        assertEquals(RefusedRequest.Part.BODY, kept.part());
        assertEquals(3, kept.offset());
        assertEquals("x", kept.fault());
        assertEquals("yz\\r\\n", kept.after());
    }

    @Test
    void keepsNoMoreThanAFewOfOneSecond() throws Exception {
        for (int i = 0; i < 100; i++) {
            refused("GET /" + i + "\r\n\r\n", 400);
        }
        assertTrue(sluice.control().refusedRequests().size() <= 64);
        assertEquals(100, sluice.refusals(HttpError.BAD_REQUEST_LINE));
    }

    /** What is kept of it, or of another one if there are too many. */
    private RefusedRequest refused(String request, int status) throws Exception {
        try (HttpPeer client = HttpPeer.to(sluice)) {
            client.send(request);
            assertEquals(status, client.response().status());
            List<RefusedRequest> kept = sluice.control().refusedRequests();
            String address = Addresses.toText((InetSocketAddress) client.socket().getLocalSocketAddress());
            if (kept.size() == 1) {
                assertEquals(address, kept.getFirst().client());
            }
            return kept.getLast();
        }
    }
}
