package io.sluice.core.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.ServerTlsConfig.ClientAuth;
import io.sluice.config.pem.PemException;
import io.sluice.config.pem.TestAuthority;
import io.sluice.config.pem.TestIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which sessions of other hosts are taken up: two instances stand for two hosts. */
class TicketKeyFileTest {

    private static final TestAuthority ROOT = TestAuthority.root("root");
    private static final List<String> VERSIONS = List.of("TLSv1.2", "TLSv1.3");

    @TempDir
    private Path directory;
    private ServerTlsFixture fixture;

    @BeforeEach
    void writeKeys() throws IOException {
        fixture = new ServerTlsFixture(ROOT.ec("a.test").write(directory, "a"));
        keys("one", 1);
        keys("other", 2);
    }

    /** Each number stands for a key of its own. */
    private void keys(String name, int... keys) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int key : keys) {
            byte[] bytes = new byte[48];
            Arrays.fill(bytes, (byte) key);
            lines.append(Base64.getEncoder().encodeToString(bytes)).append('\n');
        }
        Files.writeString(directory.resolve(name), lines);
    }

    private ServerTls host(String keys) throws Exception {
        fixture.ticketKeyFile = Optional.of(directory.resolve(keys));
        return fixture.start(TlsLibrary.BORINGSSL);
    }

    /** Whether a new client's session with the first is taken up by the second. */
    private static boolean goesOn(ServerTls first, ServerTls second, String version) throws Exception {
        Clients client = Clients.trusting(ROOT);
        int whole = connect(first, client, version);
        return connect(second, client, version) < whole - 300;
    }

    private static int connect(ServerTls host, Clients client, String version) throws Exception {
        return EnginePair.connect(client.engine("a.test", version), host.newEngine(null)).bytesToClient();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void takesUpSessionsOfHostsWithTheSameKeysAlone(String version) throws Exception {
        assertTrue(goesOn(host("one"), host("one"), version));
        assertFalse(goesOn(host("one"), host("other"), version));
        ServerTls own = fixtureWithoutFile().start(TlsLibrary.BORINGSSL);
        assertFalse(goesOn(own, fixtureWithoutFile().start(TlsLibrary.BORINGSSL), version));
    }

    private ServerTlsFixture fixtureWithoutFile() {
        fixture.ticketKeyFile = Optional.empty();
        return fixture;
    }

    @Test
    void addsAKeyOnOneHostAfterTheOther() throws Exception {
        keys("one", 1, 2);
        keys("other", 1, 2);
        ServerTls first = host("one");
        ServerTls second = host("other");
        keys("one", 1, 2, 3);
        first.reload();
        // The first encrypts with the second key now, which the second host has known all along.
        for (String version : VERSIONS) {
            assertTrue(goesOn(first, second, version));
            assertTrue(goesOn(second, first, version));
        }
        keys("other", 2, 3, 4);
        second.reload();
        assertTrue(goesOn(first, second, "TLSv1.3"));
        assertTrue(goesOn(second, first, "TLSv1.3"));
        keys("one", 5);
        first.reload();
        assertFalse(goesOn(second, first, "TLSv1.3"));
    }

    @Test
    void isNotRotatedByTimeAndStaysWhenTheFileIsBroken() throws Exception {
        ServerTls first = host("one");
        ServerTls second = host("one");
        for (int hour = 2; hour < 10; hour++) {
            first.onTime(Instant.now().plus(Duration.ofHours(hour)));
        }
        assertTrue(goesOn(first, second, "TLSv1.3"));
        Files.writeString(directory.resolve("one"), "no key");
        assertThrows(PemException.class, first::reload);
        assertTrue(goesOn(first, second, "TLSv1.3"));
        assertTrue(first.files().contains(directory.resolve("one")));
    }

    @Test
    void believesNoSessionOfAnotherListenerOrOfOtherRulesForClients() throws Exception {
        ServerTls plain = host("one");
        fixture.name = "another";
        assertFalse(goesOn(plain, host("one"), "TLSv1.3"));
        fixture.name = "test";
        TestAuthority partners = TestAuthority.root("partners");
        fixture.clientAuth = Optional.of(auth(ClientAuth.Mode.OPTIONAL, partners));
        ServerTls asking = host("one");
        assertFalse(goesOn(plain, asking, "TLSv1.3"));
        assertTrue(goesOn(asking, host("one"), "TLSv1.3"));
        fixture.clientAuth = Optional.of(auth(ClientAuth.Mode.OPTIONAL, TestAuthority.root("partners")));
        assertFalse(goesOn(asking, host("one"), "TLSv1.3"));
    }

    @Test
    void knowsTheClientOfASessionThatAnotherHostHasSeen() throws Exception {
        TestAuthority partners = TestAuthority.root("partners");
        TestIdentity partner = partners.ec("partner");
        fixture.clientAuth = Optional.of(auth(ClientAuth.Mode.REQUIRE, partners));
        for (String version : VERSIONS) {
            Clients client = Clients.trusting(ROOT, partner);
            int whole = connect(host("one"), client, version);
            EnginePair again = EnginePair.connect(client.engine("a.test", version), host("one").newEngine(null));
            assertTrue(again.bytesToClient() < whole - 300);
            assertEquals(partner.certificate(), again.server().getSession().getPeerCertificates()[0]);
        }
    }

    private ClientAuth auth(ClientAuth.Mode mode, TestAuthority authority) throws IOException {
        return new ClientAuth(mode, authority.write(directory.resolve("partners.pem")), Optional.empty(), Map.of());
    }
}
