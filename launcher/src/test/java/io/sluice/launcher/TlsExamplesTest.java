package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.pem.Certificates;
import io.sluice.config.pem.PemException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every shipped example of TLS does what it says. */
class TlsExamplesTest {

    /** Answers one request with the server's name and the head as it came. */
    private static final Conversation ANSWER_REQUEST = (name, client) -> {
        BufferedReader in = new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
        StringBuilder body = new StringBuilder(name).append(" ok\n");
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            body.append(line).append('\n');
        }
        client.getOutputStream().write(("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body).getBytes(StandardCharsets.ISO_8859_1));
        client.close();
    };

    /** The one that is to be spoken to in TLS speaks it. */
    private static final Conversation ANSWER_IN_ITS_WAY =
            (name, client) -> (name.equals("api1") ? overTls() : ANSWER_REQUEST).hold(name, client);

    private static final byte[] POSTGRES_TLS_REQUEST = {0, 0, 0, 8, 4, (byte) 210, 22, 47};

    @TempDir
    private Path directory;

    @Test
    void hasATestForEachExample() throws Exception {
        assertEquals(List.of("tls-http.yaml", "tls-postgresql.yaml", "tls-shared-sessions.yaml", "tls-tcp.yaml"),
                LoopbackExample.names(name -> name.startsWith("tls")));
    }

    @Test
    void servesAWebsiteWithACertificateForEachName() throws Exception {
        try (LoopbackExample example = example("tls-http.yaml", ANSWER_IN_ITS_WAY);
             Sluice sluice = example.launch()) {
            InetSocketAddress https = sluice.addresses("https").getFirst();
            for (String name : List.of("shop.example.com", "a.apps.example.com")) {
                try (SSLSocket client = ShippedTls.anonymous().connect(https, name)) {
                    String answer = get(client, name);
                    assertTrue(answer.contains("\nweb1 ok\n") || answer.contains("\nweb2 ok\n"), answer);
                    assertTrue(answer.contains("\nX-Forwarded-Proto: https\n"), answer);
                    assertTrue(answer.contains("\nStrict-Transport-Security: max-age=15768000\n"), answer);
                    X509Certificate shown = (X509Certificate) client.getSession().getPeerCertificates()[0];
                    assertEquals("EC", shown.getPublicKey().getAlgorithm());
                }
            }
        }
    }

    @Test
    void showsClientsOfPlainHttpTheWay() throws Exception {
        try (LoopbackExample example = example("tls-http.yaml", ANSWER_IN_ITS_WAY);
             Sluice sluice = example.launch();
             HttpPeer client = HttpPeer.to(sluice.addresses("http").getFirst())) {
            client.send("GET /cart?id=7 HTTP/1.1\r\nHost: shop.example.com\r\n\r\n");
            HttpMessage answer = client.response();
            assertEquals(308, answer.status());
            assertEquals("https://shop.example.com/cart?id=7", answer.field("Location"));
        }
    }

    @Test
    void letsPartnersInByTheirCertificatesAndSpeaksTlsToServers() throws Exception {
        try (LoopbackExample example = example("tls-http.yaml", ANSWER_IN_ITS_WAY);
             Sluice sluice = example.launch()) {
            InetSocketAddress partners = sluice.addresses("partners").getFirst();
            try (SSLSocket client = ShippedTls.showing("client").connect(partners, "shop.example.com")) {
                String answer = get(client, "shop.example.com", "x-client-SUBJECT: spoofed",
                        "X-Client-San: spoofed", "X_Client-Subject: spoofed", "X_CLIENT_SAN: spoofed");
                assertTrue(answer.contains("\napi1 ok\n"), answer);
                assertTrue(answer.contains("\nX-Client-Subject: CN=partner-1\n"
                        + "X-Client-San: DNS:partner-1.example.com\n"), answer);
                assertFalse(answer.contains("spoofed"), answer);
                assertEquals("TLSv1.3", client.getSession().getProtocol());
            }
            try (SSLSocket client = ShippedTls.anonymous().connect(partners, "shop.example.com")) {
                assertThrows(IOException.class, () -> get(client, "shop.example.com"));
            }
            try (SSLSocket client = ShippedTls.showing("client").connect(partners, "unknown.example.com")) {
                assertThrows(IOException.class, () -> get(client, "unknown.example.com"));
            }
        }
    }

    @Test
    void takesUpSessionsOfAnotherHost() throws Exception {
        try (LoopbackExample example = example("tls-shared-sessions.yaml", ANSWER_IN_ITS_WAY);
             Sluice one = example.launch(); Sluice other = example.launch()) {
            ReturningClient client = new ReturningClient("shop.example.com");
            assertFalse(client.takesUpItsSessionWith(one.addresses("https").getFirst()));
            assertTrue(client.takesUpItsSessionWith(other.addresses("https").getFirst()));
        }
    }

    private static Conversation overTls() throws IOException {
        try {
            return ShippedTls.showing("api").over(ANSWER_REQUEST);
        } catch (GeneralSecurityException | PemException e) {
            throw new IOException(e);
        }
    }

    @Test
    void endsTlsBeforeServersThatDoNotKnowIt() throws Exception {
        try (LoopbackExample example = example("tls-tcp.yaml", Conversation.ANSWER_LINES);
             Sluice sluice = example.launch();
             SSLSocket client = ShippedTls.anonymous()
                     .connect(sluice.addresses("redis").getFirst(), "db.example.com")) {
            assertEquals("redis1 PING", TestClient.on(client).ask("PING"));
        }
    }

    @Test
    void endsTlsForOneNameAndPassesThatOfAnotherOnTheSamePort() throws Exception {
        Conversation inTls = ShippedTls.showing("shop-ec").overTls(Conversation.ANSWER_LINES);
        try (LoopbackExample example = example("tls-tcp.yaml", (name, client) ->
                (name.equals("own1") ? inTls : Conversation.ANSWER_LINES).hold(name, client));
             Sluice sluice = example.launch()) {
            InetSocketAddress databases = sluice.addresses("databases").getFirst();
            try (SSLSocket client = ShippedTls.anonymous().connect(databases, "own.example.com")) {
                assertEquals("own1 hello", TestClient.on(client).ask("hello"));
                assertEquals(certificate("shop-ec"), client.getSession().getPeerCertificates()[0]);
            }
            try (SSLSocket client = ShippedTls.anonymous().connect(databases, "db.example.com")) {
                assertEquals("pg1 hello", TestClient.on(client).ask("hello"));
                assertEquals(certificate("db"), client.getSession().getPeerCertificates()[0]);
            }
        }
    }

    @Test
    void endsTheTlsOfPostgresAndBeginsItAnew() throws Exception {
        Conversation inTls = ShippedTls.showing("db").over(Conversation.ANSWER_LINES);
        AtomicInteger asked = new AtomicInteger();
        Conversation postgres = (name, client) -> {
            byte[] first = client.getInputStream().readNBytes(POSTGRES_TLS_REQUEST.length);
            // A health check only connects.
            if (Arrays.equals(POSTGRES_TLS_REQUEST, first)) {
                asked.incrementAndGet();
                client.getOutputStream().write('S');
                inTls.hold(name, client);
            }
        };
        try (LoopbackExample example = example("tls-postgresql.yaml", postgres);
             Sluice sluice = example.launch(); Socket client = new Socket()) {
            client.connect(sluice.addresses("orders").getFirst());
            client.getOutputStream().write(POSTGRES_TLS_REQUEST);
            assertEquals('S', client.getInputStream().read());
            try (SSLSocket secured = ShippedTls.anonymous().over(client, "db.example.com")) {
                assertEquals("orders1 hello", TestClient.on(secured).ask("hello"));
                assertEquals(certificate("db"), secured.getSession().getPeerCertificates()[0]);
            }
            assertEquals(1, asked.get());
        }
    }

    private static X509Certificate certificate(String name) throws Exception {
        return Certificates.read(ShippedTls.CERTIFICATES.resolve(name + ".pem")).getFirst();
    }

    private LoopbackExample example(String name, Conversation conversation) throws Exception {
        return LoopbackExample.start(name, conversation, directory);
    }

    private static String get(SSLSocket client, String host, String... fields) throws IOException {
        client.getOutputStream().write(("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n"
                + Stream.of(fields).map(field -> field + "\r\n").collect(Collectors.joining()) + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        return new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
    }
}
