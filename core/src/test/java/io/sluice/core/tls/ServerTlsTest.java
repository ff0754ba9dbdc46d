package io.sluice.core.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.CipherSuite;
import io.sluice.config.CertificateConfig.Directory;
import io.sluice.config.ServerTlsConfig.ClientAuth;
import io.sluice.config.ServerTlsConfig.UnknownSni;
import io.sluice.config.TlsVersion;
import io.sluice.config.pem.TestAuthority;
import io.sluice.config.pem.TestIdentity;
import io.sluice.core.net.TlsFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients of a listener get, by either library. */
class ServerTlsTest {

    private static final TestAuthority ROOT = TestAuthority.root("root");
    private static final TestAuthority SIGNER = ROOT.intermediate("signer");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void choosesByNameExactBeforeWildcardBeforeTheFirst(TlsLibrary library) throws Exception {
        SIGNER.ec("z.example.com").write(Files.createDirectory(directory.resolve("more")), "z");
        ServerTls tls = new ServerTlsFixture(SIGNER.ec("first.test").write(directory, "first"),
                SIGNER.ec("*.example.com").write(directory, "wild"), SIGNER.ec("a.example.com").write(directory, "a"),
                new Directory(directory.resolve("more"))).start(library);
        assertEquals("CN=a.example.com", subject(tls, "a.example.com"));
        assertEquals("CN=a.example.com", subject(tls, "A.Example.Com"));
        assertEquals("CN=z.example.com", subject(tls, "z.example.com"));
        assertEquals("CN=*.example.com", subject(tls, "b.example.com"));
        assertEquals("CN=first.test", subject(tls, "b.a.example.com"));
        assertEquals("CN=first.test", subject(tls, "example.com"));
        assertEquals("CN=first.test", subject(tls, null));
    }

    @ParameterizedTest
    @EnumSource
    void rejectsNamesThatNoCertificateHasIfToldTo(TlsLibrary library) throws Exception {
        ServerTlsFixture fixture = new ServerTlsFixture(SIGNER.ec("a.test").write(directory, "a"));
        fixture.unknownSni = UnknownSni.REJECT;
        ServerTls tls = fixture.start(library);
        assertEquals("CN=a.test", subject(tls, "a.test"));
        assertThrows(SSLException.class, () -> subject(tls, "b.test"));
        assertThrows(SSLException.class, () -> subject(tls, null));
    }

    /** RFC 6066, section 3: a fatal alert of unrecognized_name. */
    @ParameterizedTest
    @EnumSource
    void tellsClientsThatItIsTheirNameThatIsRejected(TlsLibrary library) throws Exception {
        ServerTlsFixture fixture = new ServerTlsFixture(SIGNER.ec("a.test").write(directory, "a"));
        fixture.unknownSni = UnknownSni.REJECT;
        ServerTls tls = fixture.start(library);
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            byte[] alert = EnginePair.refusal(Clients.trusting(ROOT).engine("b.test", version), tls.newEngine(null));
            assertArrayEquals(new byte[] {21, 3, alert[2], 0, 2, 2, 112}, alert, version);
        }
    }

    @Test
    void tellsClientsWithoutANameThatThisIsWhyTheyAreRejected() throws Exception {
        ServerTlsFixture fixture = new ServerTlsFixture(SIGNER.ec("a.test").write(directory, "a"));
        fixture.unknownSni = UnknownSni.REJECT;
        byte[] alert = EnginePair.refusal(Clients.trusting(ROOT).engine(null),
                fixture.start(TlsLibrary.BORINGSSL).newEngine(null));
        assertArrayEquals(new byte[] {21, 3, alert[2], 0, 2, 2, 112}, alert);
    }

    @ParameterizedTest
    @EnumSource
    void givesRsaToClientsThatDoNotKnowEc(TlsLibrary library) throws Exception {
        ServerTls tls = new ServerTlsFixture(SIGNER.rsa("a.test").write(directory, "rsa"),
                SIGNER.ec("a.test").write(directory, "ec")).start(library);
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            for (String name : new String[] {"a.test", "unknown.test"}) {
                assertEquals("EC", keyOf(tls, name, protocol, "ecdsa_secp256r1_sha256", "rsa_pss_rsae_sha256"));
                assertEquals("RSA", keyOf(tls, name, protocol, "rsa_pss_rsae_sha256", "rsa_pkcs1_sha256"));
            }
        }
    }

    /** The certificates' own signatures are of ECDSA, so the client looks away from these. */
    private static String keyOf(ServerTls tls, String name, String protocol, String... schemes) throws Exception {
        SSLEngine client = Clients.trustingEveryone().engine(name, protocol);
        SSLParameters parameters = client.getSSLParameters();
        parameters.setSignatureSchemes(schemes);
        client.setSSLParameters(parameters);
        return EnginePair.connect(client, tls.newEngine(null)).certificate().getPublicKey().getAlgorithm();
    }

    @ParameterizedTest
    @EnumSource
    void speaksNothingOlderThanWanted(TlsLibrary library) throws Exception {
        ServerTlsFixture fixture = new ServerTlsFixture(SIGNER.ec("a.test").write(directory, "a"));
        assertEquals("TLSv1.2", connect(fixture.start(library), "TLSv1.2").protocol());
        assertEquals("TLSv1.3", connect(fixture.start(library), "TLSv1.3").protocol());
        fixture.minVersion = TlsVersion.TLS_1_3;
        fixture.ciphers = CipherSuite.MODERN;
        ServerTls modern = fixture.start(library);
        assertEquals("TLSv1.3", connect(modern, "TLSv1.3").protocol());
        assertThrows(SSLException.class, () -> connect(modern, "TLSv1.2"));
    }

    @ParameterizedTest
    @EnumSource
    void usesTheWantedCiphersInTheirOrder(TlsLibrary library) throws Exception {
        ServerTlsFixture fixture = new ServerTlsFixture(SIGNER.rsa("a.test").write(directory, "a"));
        fixture.ciphers = List.of(CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
                CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);
        assertEquals("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                connect(fixture.start(library), "TLSv1.2").client().getSession().getCipherSuite());
    }

    @ParameterizedTest
    @EnumSource
    void agreesOnTheFirstProtocolThatBothKnowOrOnNone(TlsLibrary library) throws Exception {
        ServerTlsFixture fixture = new ServerTlsFixture(SIGNER.ec("a.test").write(directory, "a"));
        fixture.alpn = List.of("http/1.1", "postgresql");
        ServerTls tls = fixture.start(library);
        assertEquals("http/1.1", protocol(tls, "h2", "postgresql", "http/1.1"));
        assertEquals("postgresql", protocol(tls, "postgresql"));
        assertEquals("", protocol(tls, "h2"));
        assertEquals("", protocol(tls));
    }

    @ParameterizedTest
    @EnumSource
    void agreesOnAProtocolOfManyLongOnes(TlsLibrary library) throws Exception {
        ServerTlsFixture fixture = new ServerTlsFixture(SIGNER.ec("a.test").write(directory, "a"));
        fixture.alpn = IntStream.range(0, 20).mapToObj(i -> "protocol-" + "x".repeat(100) + i).toList();
        ServerTls tls = fixture.start(library);
        assertEquals(fixture.alpn.getLast(), protocol(tls, fixture.alpn.getLast()));
        assertEquals("", protocol(tls, "h2"));
    }

    private static String protocol(ServerTls tls, String... offered) throws Exception {
        SSLEngine client = Clients.trusting(ROOT).engine("a.test");
        SSLParameters parameters = client.getSSLParameters();
        parameters.setApplicationProtocols(offered);
        client.setSSLParameters(parameters);
        EnginePair pair = EnginePair.connect(client, tls.newEngine(null));
        assertEquals(pair.client().getApplicationProtocol(),
                Optional.ofNullable(pair.server().getApplicationProtocol()).orElse(""));
        return pair.client().getApplicationProtocol();
    }

    @ParameterizedTest
    @EnumSource
    void letsOnlyClientsInWhoseCertificateIsGood(TlsLibrary library) throws Exception {
        TestAuthority clients = TestAuthority.root("clients");
        TestIdentity revoked = clients.ec("revoked");
        TestIdentity good = clients.ec("good");
        clients.writeRevocations(directory.resolve("clients.crl"), Instant.now().plus(Duration.ofDays(1)), revoked);
        ServerTls tls = withClientAuth(clients, ClientAuth.Mode.REQUIRE).start(library);
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            EnginePair pair = connect(tls, Clients.trusting(ROOT, good), version);
            assertEquals(good.certificate(), pair.server().getSession().getPeerCertificates()[0]);
            assertRefused(tls, revoked, version);
            assertRefused(tls, clients.until(Instant.now().minusSeconds(60), "expired"), version);
            assertRefused(tls, TestAuthority.root("clients").ec("good"), version);
            assertRefused(tls, null, version);
        }
    }

    /** By the JDK's tolerance of 15 minutes for clocks that differ, which the documents and a warning tell of. */
    @ParameterizedTest
    @EnumSource
    void letsNobodyInByAListThatHasLongBeenOutOfDate(TlsLibrary library) throws Exception {
        TestAuthority clients = TestAuthority.root("clients");
        TestIdentity good = clients.ec("good");
        clients.writeRevocations(directory.resolve("clients.crl"), Instant.now().minus(Duration.ofMinutes(14)));
        ServerTls tolerant = withClientAuth(clients, ClientAuth.Mode.REQUIRE).start(library);
        clients.writeRevocations(directory.resolve("clients.crl"), Instant.now().minus(Duration.ofMinutes(16)));
        ServerTls strict = withClientAuth(clients, ClientAuth.Mode.REQUIRE).start(library);
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            connect(tolerant, Clients.trusting(ROOT, good), version);
            assertRefused(strict, good, version);
        }
    }

    /** RFC 8446, section 6.2. */
    @Test
    void tellsClientsWhatIsWrongWithTheirCertificate() throws Exception {
        TestAuthority clients = TestAuthority.root("clients");
        TestIdentity revoked = clients.ec("revoked");
        clients.writeRevocations(directory.resolve("clients.crl"), Instant.now().plus(Duration.ofDays(1)), revoked);
        ServerTls tls = withClientAuth(clients, ClientAuth.Mode.REQUIRE).start(TlsLibrary.BORINGSSL);
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            assertEquals("certificate_revoked", alert(tls, revoked, version));
            assertEquals("certificate_expired",
                    alert(tls, clients.until(Instant.now().minusSeconds(60), "expired"), version));
            assertEquals("unknown_ca", alert(tls, TestAuthority.root("clients").ec("good"), version));
        }
        assertEquals("certificate_required", alert(tls, null, "TLSv1.3"));
    }

    private static String alert(ServerTls tls, TestIdentity identity, String version) {
        String message = assertThrows(SSLException.class,
                () -> EnginePair.connectToTheEnd(Clients.trusting(ROOT, identity).engine("a.test", version),
                        tls.newEngine(null))).getMessage();
        return message.substring(message.lastIndexOf(' ') + 1);
    }

    @ParameterizedTest
    @EnumSource
    void letsClientsInWithoutACertificateButNotWithABadOne(TlsLibrary library) throws Exception {
        TestAuthority clients = TestAuthority.root("clients");
        clients.writeRevocations(directory.resolve("clients.crl"), Instant.now().plus(Duration.ofDays(1)));
        ServerTls tls = withClientAuth(clients, ClientAuth.Mode.OPTIONAL).start(library);
        connect(tls, Clients.trusting(ROOT), "TLSv1.3");
        connect(tls, Clients.trusting(ROOT, clients.ec("good")), "TLSv1.3");
        // The JDK's client keeps a certificate to itself whose issuer is not asked for; of the right name it shows it.
        assertRefused(tls, TestAuthority.root("clients").ec("bad"), "TLSv1.3");
    }

    @ParameterizedTest
    @EnumSource
    void tellsWhyItRefuses(TlsLibrary library) throws Exception {
        ServerTlsFixture fixture = new ServerTlsFixture(SIGNER.ec("a.test").write(directory, "a"));
        fixture.minVersion = TlsVersion.TLS_1_3;
        fixture.ciphers = CipherSuite.MODERN;
        fixture.unknownSni = UnknownSni.REJECT;
        ServerTls modern = fixture.start(library);
        Clients client = Clients.trusting(ROOT);
        assertEquals(TlsFailure.VERSION, failure(client.engine("a.test", "TLSv1.2"), modern));
        assertEquals(TlsFailure.NAME, failure(client.engine("b.test"), modern));
        SSLEngine other = client.engine("a.test");
        SSLParameters parameters = other.getSSLParameters();
        parameters.setSignatureSchemes(new String[] {"rsa_pss_rsae_sha256"});
        other.setSSLParameters(parameters);
        assertEquals(TlsFailure.CIPHER, failure(other, modern));
        TestAuthority clients = TestAuthority.root("clients");
        clients.writeRevocations(directory.resolve("clients.crl"), Instant.now().plus(Duration.ofDays(1)));
        ServerTls strict = withClientAuth(clients, ClientAuth.Mode.REQUIRE).start(library);
        Clients unknown = Clients.trusting(ROOT, TestAuthority.root("clients").ec("bad"));
        Clients elsewhere = Clients.trusting(TestAuthority.root("elsewhere"));
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            assertEquals(TlsFailure.CERTIFICATE, failure(client.engine("a.test", version), strict));
            assertEquals(TlsFailure.CERTIFICATE, failure(unknown.engine("a.test", version), strict));
            assertEquals(TlsFailure.ALERT, failure(elsewhere.engine("a.test", version), strict));
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsThatAClientLacksTheCurveOrSignatureOfTheCertificate(TlsLibrary library) throws Exception {
        ServerTls tls = new ServerTlsFixture(SIGNER.ec("a.test").write(directory, "a")).start(library);
        SSLEngine client = Clients.trusting(ROOT).engine("a.test", "TLSv1.2");
        SSLParameters parameters = client.getSSLParameters();
        parameters.setNamedGroups(new String[] {"x25519"});
        client.setSSLParameters(parameters);
        assertEquals(TlsFailure.CIPHER, failure(client, tls));
        client = Clients.trusting(ROOT).engine("a.test", "TLSv1.3");
        parameters = client.getSSLParameters();
        parameters.setSignatureSchemes(new String[] {"ecdsa_secp384r1_sha384"});
        client.setSSLParameters(parameters);
        assertEquals(TlsFailure.CIPHER, failure(client, tls));
    }

    /** To go away in good order is no refusal. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void holdsNothingAgainstAClientThatSaysGoodbye(String version) throws Exception {
        ServerTls tls = new ServerTlsFixture(SIGNER.ec("a.test").write(directory, "a")).start(TlsLibrary.BORINGSSL);
        assertEquals(TlsFailure.GONE, TlsFailure.of(EnginePair.failureOfServerLeftBy(
                Clients.trusting(ROOT).engine("a.test", version), tls.newEngine(null))));
    }

    private static TlsFailure failure(SSLEngine client, ServerTls tls) {
        return TlsFailure.of(EnginePair.failureOfServer(client, tls.newEngine(null)));
    }

    private ServerTlsFixture withClientAuth(TestAuthority clients, ClientAuth.Mode mode) throws Exception {
        ServerTlsFixture fixture = new ServerTlsFixture(SIGNER.ec("a.test").write(directory, "a"));
        fixture.clientAuth = Optional.of(new ClientAuth(mode, clients.write(directory.resolve("clients.pem")),
                Optional.of(directory.resolve("clients.crl")), Map.of()));
        return fixture;
    }

    private static void assertRefused(ServerTls tls, TestIdentity identity, String version) {
        assertThrows(SSLHandshakeException.class, () -> connect(tls, Clients.trusting(ROOT, identity), version));
    }

    @ParameterizedTest
    @EnumSource
    void takesSessionsUpAgain(TlsLibrary library) throws Exception {
        ServerTls tls = new ServerTlsFixture(SIGNER.ec("a.test").write(directory, "a")).start(library);
        Instant now = Instant.now();
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            Clients client = Clients.trusting(ROOT);
            int whole = connect(tls, client, version).bytesToClient();
            assertTrue(connect(tls, client, version).bytesToClient() < whole - 500, version);
            assertTrue(connect(tls, client, version).bytesToClient() < whole - 500, version);
            now = now.plus(Duration.ofHours(2));
            tls.onTime(now);
            if (library == TlsLibrary.BORINGSSL) {
                assertTrue(connect(tls, client, version).bytesToClient() < whole - 500, version + " after a rotation");
                Clients absent = Clients.trusting(ROOT);
                connect(tls, absent, version);
                for (int rotations = 0; rotations < 2; rotations++) {
                    now = now.plus(Duration.ofHours(1));
                    tls.onTime(now);
                }
                client = absent;
            }
            assertTrue(connect(tls, client, version).bytesToClient() > whole - 100, version + " after rotations");
            assertTrue(connect(tls, client, version).bytesToClient() < whole - 500, version + " after rotations");
        }
    }

    @Test
    void replacesTicketKeysInTimeAlthoughTheClockIsSetBack() throws Exception {
        ServerTls tls = new ServerTlsFixture(SIGNER.ec("a.test").write(directory, "a")).start(TlsLibrary.BORINGSSL);
        Clients client = Clients.trusting(ROOT);
        int whole = connect(tls, client, "TLSv1.3").bytesToClient();
        Instant past = Instant.now().minus(Duration.ofDays(365));
        tls.onTime(past);
        assertTrue(connect(tls, client, "TLSv1.3").bytesToClient() < whole - 500);
        for (int rotations = 0; rotations < 2; rotations++) {
            past = past.plus(Duration.ofHours(1));
            tls.onTime(past);
        }
        assertTrue(connect(tls, client, "TLSv1.3").bytesToClient() > whole - 100);
    }

    @ParameterizedTest
    @EnumSource
    void takesSessionsUpAgainAfterNewCertificatesButNotAfterNewRulesForClients(TlsLibrary library) throws Exception {
        ServerTls tls = new ServerTlsFixture(SIGNER.ec("a.test").write(directory, "a")).start(library);
        Clients client = Clients.trusting(ROOT);
        int whole = connect(tls, client, "TLSv1.3").bytesToClient();
        SIGNER.ec("a.test").write(directory, "a");
        tls.reload();
        // The JDK ties a session to its certificate.
        assertTrue(library == TlsLibrary.JDK || connect(tls, client, "TLSv1.3").bytesToClient() < whole - 500);

        TestAuthority clients = TestAuthority.root("clients");
        TestIdentity partner = clients.ec("partner");
        clients.writeRevocations(directory.resolve("clients.crl"), Instant.now().plus(Duration.ofDays(1)));
        ServerTls strict = withClientAuth(clients, ClientAuth.Mode.REQUIRE).start(library);
        Clients partners = Clients.trusting(ROOT, partner);
        connect(strict, partners, "TLSv1.3");
        connect(strict, partners, "TLSv1.3");
        clients.writeRevocations(directory.resolve("clients.crl"), Instant.now().plus(Duration.ofDays(1)), partner);
        strict.reload();
        assertThrows(SSLException.class, () -> connect(strict, partners, "TLSv1.3"));
    }

    private static String subject(ServerTls tls, String serverName) throws Exception {
        return EnginePair.connect(Clients.trusting(ROOT).engine(serverName), tls.newEngine(null)).certificate()
                .getSubjectX500Principal().getName();
    }

    private static EnginePair connect(ServerTls tls, String version) throws Exception {
        return connect(tls, Clients.trusting(ROOT), version);
    }

    private static EnginePair connect(ServerTls tls, Clients clients, String version) throws Exception {
        return EnginePair.connect(clients.engine("a.test", version), tls.newEngine(null));
    }
}
