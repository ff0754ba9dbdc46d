package io.sluice.bench.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpSessionTest {

    private static final String DIGITS = "0123456789abcdef";

    private Origin origin;
    private OriginClient client;

    @BeforeEach
    void start() throws IOException {
        origin = Origin.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Service.HTTP, 1);
        client = new OriginClient(origin);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        origin.close();
    }

    @Test
    void answersWithSizeAndStatus() throws IOException {
        assertEquals("200 " + DIGITS.repeat(8), client.send(OriginClient.get("/")).response());
        assertEquals("503 0123456789abcdef01",
                client.send(OriginClient.get("/a/b?size=18&status=503")).response());
        assertEquals("204 ", client.send(OriginClient.get("/?status=204")).response());
    }

    @Test
    void answersPipelinedRequestsInOrder() throws IOException {
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            requests.append(OriginClient.get("/?size=" + i % 17));
        }
        client.send(requests.toString());
        for (int i = 0; i < 1000; i++) {
            assertEquals("200 " + DIGITS.substring(0, i % 17), client.response());
        }
    }

    @Test
    void holdsWhatIsPipelinedBehindADelayedAnswer() throws IOException {
        client.send(OriginClient.get("/?size=1&delay=20ms") + OriginClient.get("/?size=2&delay=1ms")
                + OriginClient.get("/?size=3") + "GET /?si");
        assertEquals("200 0", client.response());
        assertEquals("200 01", client.response());
        assertEquals("200 012", client.response());
        assertEquals("200 0123", client.send("ze=4 HTTP/1.1\r\nHost: h\r\n\r\n").response());
    }

    @Test
    void takesRequestsCutAnywhere() throws IOException {
        String request = "POST /?size=3 HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody";
        for (int cut = 1; cut < request.length(); cut++) {
            client.send(request.substring(0, cut));
            client.send(request.substring(cut));
            assertEquals("200 012", client.response());
        }
    }

    @Test
    void discardsBodies() throws IOException {
        client.send("POST /?size=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\n\r\n" + "x".repeat(3_000_000));
        client.send("POST /?size=2 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
        assertEquals("200 0", client.response());
        assertEquals("200 01", client.response());
    }

    @Test
    void asksForABodyThatTheClientHoldsBack() throws IOException {
        client.send("PUT /?size=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
        assertEquals("HTTP/1.1 100 Continue\r\n\r\n", client.head());
        assertEquals("200 0", client.send("xy").response());
    }

    @Test
    void sendsLargeBodiesWholeToASlowReader() throws IOException {
        int size = 30_000_001;
        client.send(OriginClient.get("/?size=" + size) + OriginClient.get("/?size=1"));
        client.head();
        InputStream in = client.socket().getInputStream();
        byte[] chunk = new byte[100_003];
        for (int position = 0; position < size;) {
            int count = in.readNBytes(chunk, 0, Math.min(chunk.length, size - position));
            for (int i = 0; i < count; i++) {
                if (chunk[i] != Body.at(position + i)) {
                    throw new AssertionError("wrong byte at " + (position + i));
                }
            }
            position += count;
        }
        assertEquals("200 0", client.response());
    }

    @Test
    void sendsNoBodyToHead() throws IOException {
        client.send("HEAD /?size=100 HTTP/1.1\r\nHost: h\r\n\r\n" + OriginClient.get("/?size=1"));
        assertTrue(client.head().contains("\r\nContent-Length: 100\r\n"));
        assertEquals("200 0", client.response());
    }

    @Test
    void spreadsErrorsEvenly() throws IOException {
        StringBuilder statuses = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            statuses.append(client.send(OriginClient.get("/?error=25%&size=0")).response(), 0, 1);
        }
        assertEquals("222522252225", statuses.toString());
    }

    @Test
    void resetsConnections() {
        assertThrows(IOException.class, () -> client.send(OriginClient.get("/?reset=100%")).response());
    }

    @Test
    void closesWhenAskedTo() throws IOException {
        client.send("GET /?size=1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        String head = client.head();
        assertTrue(head.contains("\r\nConnection: close\r\n"), head);
        assertEquals('0', client.socket().getInputStream().read());
        assertTrue(client.isAtEnd());
    }

    @Test
    void closesBehindHttp10() throws IOException {
        assertEquals("200 0", client.send("GET /?size=1 HTTP/1.0\r\n\r\n").response());
        assertTrue(client.isAtEnd());
    }

    @Test
    void saysWhatIsWrongWithARequest() throws IOException {
        String answer = client.send(OriginClient.get("/?siz=1")).response();
        assertTrue(answer.startsWith("400 unknown: siz"), answer);
        assertTrue(client.isAtEnd());
        try (OriginClient other = new OriginClient(origin)) {
            String refused = other.send("GET / HTTP/1.1\r\n\r\n").response();
            assertTrue(refused.startsWith("400 "), refused);
        }
    }

    @Test
    void knowsMoreQueriesThanItKeeps() throws IOException {
        for (int i = 0; i < 2 * Answerings.MOST + 10; i++) {
            String answer = client.send(OriginClient.get("/?size=" + i)).response();
            assertEquals(4 + i, answer.length());
            assertFalse(answer.startsWith("400"), answer);
        }
    }
}
