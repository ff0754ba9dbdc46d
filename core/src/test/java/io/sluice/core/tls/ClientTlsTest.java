package io.sluice.core.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.CertificateConfig.Pair;
import io.sluice.config.ClientTlsConfig;
import io.sluice.config.Endpoint;
import io.sluice.config.ServerTlsConfig.ClientAuth;
import io.sluice.config.pem.PemException;
import io.sluice.config.pem.TestAuthority;
import io.sluice.config.pem.TestIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How servers of a pool are spoken to, by either library. */
class ClientTlsTest {

    private static final TestAuthority ROOT = TestAuthority.root("root");
    private static final Endpoint BY_NAME = new Endpoint("api.internal", 8443);
    private static final Endpoint BY_ADDRESS = new Endpoint("127.0.0.1", 8443);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void takesOnlyServersWhoseCertificateIsForTheirName(TlsLibrary library) throws Exception {
        ClientTls tls = trusting(Optional.empty(), library);
        connect(tls, BY_NAME, server(ROOT.ec("api.internal")));
        connect(tls, BY_ADDRESS, server(ROOT.rsa("127.0.0.1")));
        assertRefused(tls, BY_NAME, ROOT.ec("other.internal"));
        assertRefused(tls, BY_ADDRESS, ROOT.ec("api.internal"));
    }

    @ParameterizedTest
    @EnumSource
    void asksForTheConfiguredNameAndTakesNoOther(TlsLibrary library) throws Exception {
        ClientTls tls = trusting(Optional.of("api.internal"), library);
        connect(tls, BY_ADDRESS, server(ROOT.ec("api.internal")));
        assertRefused(tls, BY_ADDRESS, ROOT.ec("127.0.0.1"));
        ServerTls two = new ServerTlsFixture(ROOT.ec("x.internal").write(directory, "x"),
                ROOT.ec("api.internal").write(directory, "y")).start(library);
        assertEquals("CN=api.internal",
                connect(tls, BY_ADDRESS, two).certificate().getSubjectX500Principal().getName());
    }

    @ParameterizedTest
    @EnumSource
    void takesOnlyWhatATrustedOneHasSigned(TlsLibrary library) throws Exception {
        ClientTls tls = trusting(Optional.empty(), library);
        assertRefused(tls, BY_NAME, TestAuthority.root("root").ec("api.internal"));
        ClientTls usual = start(new ClientTlsConfig(true, Optional.empty(), Optional.empty(), Optional.empty(),
                List.of(), Optional.empty()), library);
        assertRefused(usual, BY_NAME, ROOT.ec("api.internal"));
    }

    @ParameterizedTest
    @EnumSource
    void takesAnyoneIfToldSo(TlsLibrary library) throws Exception {
        ClientTls tls = start(new ClientTlsConfig(false, Optional.empty(), Optional.empty(), Optional.empty(),
                List.of(), Optional.empty()), library);
        connect(tls, BY_NAME, server(TestAuthority.root("nobody").ec("other.internal")));
    }

    @ParameterizedTest
    @EnumSource
    void showsItsCertificateToServersThatAsk(TlsLibrary library) throws Exception {
        TestIdentity own = ROOT.ec("balancer");
        Pair pair = own.write(directory, "own");
        ClientTls tls = start(new ClientTlsConfig(true, Optional.of(ROOT.write(directory.resolve("ca.pem"))),
                Optional.empty(), Optional.of(pair), List.of(), Optional.empty()), library);
        ServerTlsFixture fixture = new ServerTlsFixture(ROOT.ec("api.internal").write(directory, "server"));
        fixture.clientAuth = Optional.of(new ClientAuth(ClientAuth.Mode.REQUIRE,
                ROOT.write(directory.resolve("ca.pem")), Optional.empty(), Map.of()));
        ServerTls server = fixture.start(library);
        assertEquals(own.certificate(),
                connect(tls, BY_NAME, server).server().getSession().getPeerCertificates()[0]);
        ROOT.ec("balancer").write(directory, "own");
        Files.delete(pair.key());
        assertThrows(PemException.class, tls::reload);
        connect(tls, BY_NAME, server);
        TestIdentity renewed = ROOT.rsa("balancer");
        renewed.write(directory, "own");
        tls.reload();
        assertEquals(renewed.certificate(),
                connect(tls, BY_NAME, server).server().getSession().getPeerCertificates()[0]);
    }

    @ParameterizedTest
    @EnumSource
    void takesSessionsUpAgainWithTheSameServer(TlsLibrary library) throws Exception {
        ClientTls tls = trusting(Optional.of("api.internal"), library);
        ServerTls one = server(ROOT.ec("api.internal"));
        ServerTls other = server(ROOT.ec("api.internal"));
        int whole = connect(tls, BY_NAME, one).bytesToClient();
        int wholeOfOther = connect(tls, BY_ADDRESS, other).bytesToClient();
        assertTrue(connect(tls, BY_NAME, one).bytesToClient() < whole - 400);
        assertTrue(connect(tls, BY_ADDRESS, other).bytesToClient() < wholeOfOther - 400);
    }

    private static EnginePair connect(ClientTls tls, Endpoint peer, ServerTls server) throws SSLException {
        return EnginePair.connect(tls.newEngine(peer), server.newEngine(null));
    }

    private void assertRefused(ClientTls tls, Endpoint peer, TestIdentity identity) throws Exception {
        ServerTls server = server(identity);
        assertThrows(SSLException.class, () -> connect(tls, peer, server));
    }

    private ClientTls trusting(Optional<String> serverName, TlsLibrary library) throws Exception {
        return start(new ClientTlsConfig(true, Optional.of(ROOT.write(directory.resolve("ca.pem"))), serverName,
                Optional.empty(), List.of(), Optional.empty()), library);
    }

    private static ClientTls start(ClientTlsConfig config, TlsLibrary library) throws Exception {
        return new ClientTls("test", config, Duration.ofSeconds(5), library);
    }

    private ServerTls server(TestIdentity identity) throws Exception {
        return new ServerTlsFixture(identity.write(directory, "server")).start(TlsLibrary.JDK);
    }
}
