package io.sluice.config.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.CertificateConfig.Directory;
import io.sluice.config.CertificateConfig.Pair;
import io.sluice.config.CipherSuite;
import io.sluice.config.ClientTlsConfig;
import io.sluice.config.ClientTlsConfig.Negotiation;
import io.sluice.config.ServerTlsConfig;
import io.sluice.config.ServerTlsConfig.ClientAuth;
import io.sluice.config.ServerTlsConfig.ClientField;
import io.sluice.config.ServerTlsConfig.Sessions;
import io.sluice.config.ServerTlsConfig.UnknownSni;
import io.sluice.config.SluiceConfig;
import io.sluice.config.TlsVersion;
import io.sluice.config.pem.TestAuthority;
import io.sluice.config.pem.TestIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS of listeners and pools: what it is, and where something wrong stands. */
class TlsConfigTest {

    private static final String PAIR = "{ chain: a.pem, key: a.key }";

    @TempDir
    private static Path directory;

    @BeforeAll
    static void writeCertificates() throws IOException {
        TestAuthority root = TestAuthority.root("root");
        TestAuthority signer = root.intermediate("signer");
        TestIdentity good = signer.ec("a.test");
        good.write(directory, "a");
        Files.createDirectory(directory.resolve("more"));
        signer.rsa("b.test").write(directory.resolve("more"), "b");
        Files.createDirectory(directory.resolve("none"));
        signer.until(Instant.parse("2024-05-06T12:00:00Z"), "old.test").write(directory, "old");
        Files.writeString(directory.resolve("encrypted.key"), good.encryptedKey("s3cret"));
        Files.writeString(directory.resolve("right.pass"), "s3cret");
        Files.writeString(directory.resolve("wrong.pass"), "other");
        Files.writeString(directory.resolve("text.pem"), "hello");
        String key = Base64.getEncoder().encodeToString(new byte[48]);
        Files.writeString(directory.resolve("good.keys"), key + "\n");
        Files.writeString(directory.resolve("short.keys"),
                key + "\n" + Base64.getEncoder().encodeToString(new byte[80]) + "\n");
        Files.writeString(directory.resolve("gap.pem"),
                good.certificates().split("(?<=-----END CERTIFICATE-----\n)")[0]
                        + Files.readString(root.write(directory.resolve("ca.pem"))));
        root.writeRevocations(directory.resolve("ca.crl"), Instant.now().plus(Duration.ofDays(1)));
        root.writeRevocations(directory.resolve("late.crl"), Instant.now().minusSeconds(10));
    }

    @Test
    void readsEverythingThatAListenerMaySay() throws Exception {
        ServerTlsConfig tls = http("""
                { certificates: [{ chain: a.pem, key: encrypted.key, password-file: right.pass }, { directory: more }],
                  min-version: "1.2", ciphers: [ECDHE-RSA-AES128-GCM-SHA256, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384],
                  alpn: [http/1.1], unknown-sni: reject,
                  client-auth: { mode: optional, ca: ca.pem, crl: ca.crl, headers: { X-S: subject, X-A: not-after } },
                  session: { cache: 7, tickets: off, ticket-rotation: 1h }, handshake-timeout: 3s,
                  handshakes-per-second: 2000 }""");
        assertEquals(new ServerTlsConfig(List.of(
                new Pair(file("a.pem"), file("encrypted.key"), Optional.of(file("right.pass"))),
                new Directory(file("more"))), TlsVersion.TLS_1_2,
                List.of(CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
                        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384),
                List.of("http/1.1"), UnknownSni.REJECT, Optional.of(new ClientAuth(ClientAuth.Mode.OPTIONAL,
                        file("ca.pem"), Optional.of(file("ca.crl")),
                        Map.of("X-S", ClientField.SUBJECT, "X-A", ClientField.NOT_AFTER))),
                new Sessions(7, false, Duration.ofHours(1), Optional.empty()), Duration.ofSeconds(3), 2000), tls);
    }

    @Test
    void readsWhereKeysOfTicketsAreAndWarnsIfEverybodyMayReadThem() throws Exception {
        String tls = "{ certificates: [" + PAIR + "], session: { ticket-key-file: good.keys } }";
        Files.setPosixFilePermissions(file("good.keys"), PosixFilePermissions.fromString("rw-------"));
        assertEquals(Optional.of(file("good.keys")), http(tls).session().ticketKeyFile());
        assertFalse(warnings(listener("http", tls)).toString().contains("good.keys"));
        Files.setPosixFilePermissions(file("good.keys"), PosixFilePermissions.fromString("rw----r--"));
        assertWarnsOf("listeners[0].tls.session.ticket-key-file: everybody on this host may read",
                warnings(listener("http", tls)));
    }

    @Test
    void fillsInWhatIsUsual() throws Exception {
        ServerTlsConfig usual = http("{ certificates: [" + PAIR + "] }");
        assertEquals(new ServerTlsConfig(List.of(new Pair(file("a.pem"), file("a.key"), Optional.empty())),
                TlsVersion.TLS_1_2, CipherSuite.INTERMEDIATE, List.of("http/1.1"), UnknownSni.DEFAULT,
                Optional.empty(), new Sessions(20_000, true, Duration.ofHours(8), Optional.empty()),
                Duration.ofSeconds(10), SluiceConfig.UNLIMITED), usual);
        assertEquals(TlsVersion.TLS_1_3, http("{ ciphers: modern, certificates: [" + PAIR + "] }").minVersion());
        assertEquals(new ClientTlsConfig(true, Optional.empty(), Optional.empty(), Optional.empty(), List.of(),
                Optional.empty()), pool("{ verify: true }"));
    }

    @Test
    void readsEverythingThatAPoolMaySay() throws Exception {
        assertEquals(new ClientTlsConfig(true, Optional.of(file("ca.pem")), Optional.of("api.internal"),
                Optional.of(new Pair(file("a.pem"), file("a.key"), Optional.empty())), List.of("http/1.1"),
                Optional.of(Negotiation.DIRECT)), pool("{ verify: true, ca: ca.pem, server-name: api.internal, "
                        + "alpn: [http/1.1], negotiation: direct, client-certificate: " + PAIR + " }"));
    }

    @Test
    void dumpsToTheSameAgain() throws Exception {
        for (String tls : List.of("{ ciphers: modern, certificates: [" + PAIR + ", { directory: more }] }",
                "{ ciphers: ECDHE-ECDSA-AES128-GCM-SHA256, certificates: [" + PAIR + "], session: { tickets: off }, "
                        + "client-auth: { ca: ca.pem, headers: { X-S: san } } }")) {
            SluiceConfig config = parse(listener("http", tls));
            assertEquals(config, parse(ConfigDump.toYaml(config)));
        }
    }

    /** The value of {@code tls} in line 1, column 73; {@code DIR} is where the file is. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {} | 73: listeners[0].tls: key "certificates" is missing
            { certificates: [] } | 89: listeners[0].tls.certificates: needs at least 1 entry
            { certificates: [{ chain: no.pem, key: a.key }] } | 99: listeners[0].tls.certificates[0].chain: no such \
            file: DIR/no.pem
            { certificates: [{ chain: a.pem, key: no.key }] } | 111: listeners[0].tls.certificates[0].key: no such \
            file: DIR/no.key
            { certificates: [{ chain: a.pem, key: old.key }] } | 111: listeners[0].tls.certificates[0].key: the key \
            does not belong to the certificate of CN=a.test: DIR/old.key
            { certificates: [{ chain: old.pem, key: old.key }] } | 99: listeners[0].tls.certificates[0].chain: expired \
            on 2024-05-06 (CN=old.test): DIR/old.pem
            { certificates: [{ chain: gap.pem, key: a.key }] } | 99: listeners[0].tls.certificates[0].chain: an \
            intermediate certificate is missing: CN=signer, which signed CN=a.test: DIR/gap.pem
            { certificates: [{ chain: text.pem, key: a.key }] } | 99: listeners[0].tls.certificates[0].chain: nothing \
            in PEM format (-----BEGIN ...) is in the file: DIR/text.pem
            { certificates: [{ chain: a.pem }] } | 99: listeners[0].tls.certificates[0].chain: no private key is in \
            the file: DIR/a.pem
            { certificates: [{ chain: a.pem, key: encrypted.key }] } | 111: listeners[0].tls.certificates[0].key: the \
            key is encrypted and needs a password-file: DIR/encrypted.key
            { certificates: [{ chain: a.pem, key: encrypted.key, password-file: wrong.pass }] } | 111: \
            listeners[0].tls.certificates[0].key: the password in DIR/wrong.pass does not decrypt the key: \
            DIR/encrypted.key
            { certificates: [{ chain: a.pem, key: encrypted.key, password-file: no.pass }] } | 141: \
            listeners[0].tls.certificates[0].password-file: no such file: DIR/no.pass
            { certificates: [{ directory: none }] } | 103: listeners[0].tls.certificates[0].directory: no NAME.pem or \
            NAME.crt is in the directory: DIR/none
            { certificates: [{ key: a.key }] } | 90: listeners[0].tls.certificates[0].directory: give either chain or \
            directory
            { certificates: PAIR, ciphers: [ECDHE-RSA-AES128-GCM-SHA265] } | 131: listeners[0].tls.ciphers[0]: unknown \
            value "ECDHE-RSA-AES128-GCM-SHA265"
            { certificates: PAIR, ciphers: "A:!B" } | 130: listeners[0].tls.ciphers: a cipher's name has no colon, \
            unlike "A:!B"
            { certificates: PAIR, ciphers: [TLS_AES_128_GCM_SHA256] } | 131: listeners[0].tls.ciphers[0]: \
            TLS_AES_128_GCM_SHA256 is of TLS 1.3, whose ciphers are always on
            { certificates: PAIR, ciphers: modern, min-version: "1.2" } | 151: listeners[0].tls.min-version: ciphers: \
            modern has none for TLS 1.2
            { certificates: PAIR, min-version: 1.1 } | 134: listeners[0].tls.min-version: unknown value "1.1"
            { certificates: PAIR, alpn: [h2] } | 128: listeners[0].tls.alpn[0]: an HTTP listener speaks only http/1.1
            { certificates: PAIR, client-auth: { ca: no.pem } } | 140: listeners[0].tls.client-auth.ca: no such file: \
            DIR/no.pem
            { certificates: PAIR, client-auth: { ca: ca.pem, crl: a.pem } } | 153: listeners[0].tls.client-auth.crl: \
            no list of revoked certificates (X509 CRL) is in the file: DIR/a.pem
            { certificates: PAIR, session: { ticket-key-file: no } } | 149: listeners[0].tls.session.ticket-key-file: \
            no such file: DIR/no
            { certificates: PAIR, session: { ticket-key-file: short.keys } } | 149: \
            listeners[0].tls.session.ticket-key-file: line 2 has a key of 80 bytes, where 48 are needed: DIR/short.keys
            { certificates: PAIR, session: { ticket-key-file: text.pem } } | 149: \
            listeners[0].tls.session.ticket-key-file: line 1 is no Base64: DIR/text.pem
            { certificates: PAIR, session: { ticket-key-file: good.keys, tickets: off } } | 149: \
            listeners[0].tls.session.ticket-key-file: tickets: off needs no keys for them
            """)
    void explainsWhatIsWrong(String tls, String message) {
        String yaml = listener("http", tls.replace("PAIR", "[" + PAIR + "]"));
        String expected = "c.yaml:1:" + message.replace("DIR", directory.toString());
        assertEquals(expected, assertThrows(ConfigException.class, () -> parse(yaml)).getMessage().lines().findFirst()
                .orElseThrow());
    }

    @Test
    void knowsNoHeadersForTcp() {
        String yaml = listener("tcp", "{ certificates: [" + PAIR + "], client-auth: { ca: ca.pem, headers: {} } }");
        assertTrue(assertThrows(ConfigException.class, () -> parse(yaml)).getMessage()
                .contains("key \"headers\" is not for here"));
    }

    @Test
    void saysThatACaOfAPoolHasNoMeaningWithoutVerification() {
        String yaml = listener("http", null).replace("p: {", "p: { tls: { verify: false, ca: ca.pem },");
        assertTrue(assertThrows(ConfigException.class, () -> parse(yaml)).getMessage()
                .contains("pools.p.tls.ca: verify: false trusts everyone, so ca has no meaning"));
    }

    /** All clients of its authority are refused, unless there is another list. */
    @Test
    void warnsOfAListOfRevokedCertificatesThatDoesNotCount() throws Exception {
        Instant now = Instant.now();
        TestAuthority authority = TestAuthority.root("other");
        Path lists = directory.resolve("lists.crl");
        String place = "listeners[0].tls.client-auth.crl: the list of CN=other ";
        String yaml = listener("http", "{ certificates: [" + PAIR + "], client-auth: { ca: ca.pem, crl: lists.crl } }");
        authority.writeRevocations(lists, now.minusSeconds(60), Optional.empty());
        assertWarnsOf(place + "does not say when it will be out of date (nextUpdate), so all its clients "
                + "are refused: " + lists, warnings(yaml));
        authority.writeRevocations(lists, now.plusSeconds(3600), Optional.of(now.plusSeconds(7200)));
        assertWarnsOf(place + "counts only from " + now.plusSeconds(3600).truncatedTo(ChronoUnit.SECONDS)
                + " on", warnings(yaml));
        Path late = authority.writeRevocations(directory.resolve("1"), now.minusSeconds(60));
        Path good = authority.writeRevocations(directory.resolve("2"), now.plusSeconds(60));
        Path early = authority.writeRevocations(directory.resolve("3"), now.plusSeconds(3600),
                Optional.of(now.plusSeconds(7200)));
        Files.writeString(lists, Files.readString(good) + Files.readString(late) + Files.readString(early));
        assertFalse(warnings(yaml).toString().contains("the list of"));
        Files.writeString(lists, Files.readString(early) + Files.readString(late));
        assertWarnsOf(place + "has been out of date since", warnings(yaml));
    }

    @Test
    void warnsOfWhatIsDangerous() throws Exception {
        String yaml = listener("http", "{ certificates: [" + PAIR + "], client-auth: { ca: ca.pem, crl: late.crl } }")
                .replace("p: {", "p: { tls: { verify: false },");
        List<String> warnings = warnings(yaml);
        assertWarnsOf("pools.p.tls.verify: servers are not verified", warnings);
        assertWarnsOf("listeners[0].tls.client-auth.crl: the list of CN=root has been out of date since ", warnings);
        assertWarnsOf("listeners[0].tls.certificates[0]: CN=root is not in the file", warnings);
        assertFalse(warnings.toString().contains("s3cret"));
    }

    private static ServerTlsConfig http(String tls) throws ConfigException {
        return parse(listener("http", tls)).listeners().getFirst().tls().orElseThrow();
    }

    private static ClientTlsConfig pool(String tls) throws ConfigException {
        return parse(listener("http", null).replace("p: {", "p: { tls: " + tls + ",")).pool("p").tls().orElseThrow();
    }

    private static String listener(String protocol, String tls) {
        return "listeners: [{ name: l, bind: 127.0.0.1:1, pool: p, protocol: " + protocol
                + (tls == null ? "" : ", tls: " + tls)
                + " }]\npools: { p: { servers: [{ name: s, address: a:1 }] } }\n";
    }

    private static SluiceConfig parse(String yaml) throws ConfigException {
        return ConfigParser.load(yaml, "c.yaml", directory).config();
    }

    private static List<String> warnings(String yaml) throws ConfigException {
        return ConfigParser.load(yaml, "c.yaml", directory).warnings().stream().map(ConfigError::message).toList();
    }

    private static Path file(String name) {
        return directory.resolve(name);
    }

    private static void assertWarnsOf(String beginning, List<String> warnings) {
        assertTrue(warnings.stream().anyMatch(warning -> warning.startsWith("warning: " + beginning)),
                warnings.toString());
    }
}
