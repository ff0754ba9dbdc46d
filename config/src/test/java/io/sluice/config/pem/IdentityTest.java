package io.sluice.config.pem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.CertificateConfig.Directory;
import io.sluice.config.CertificateConfig.Pair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates and keys in the forms that there are, and what is wrong with bad ones. */
class IdentityTest {

    private static final TestAuthority ROOT = TestAuthority.root("test root");
    private static final TestAuthority SIGNER = ROOT.intermediate("test signer");

    @TempDir
    private Path directory;

    @Test
    void readsKeysInEveryForm() throws Exception {
        for (TestIdentity identity : List.of(SIGNER.ec("a.test"), SIGNER.rsa("a.test"))) {
            for (String form : List.of(identity.key(), identity.olderKey(), identity.encryptedKey("s3cret"))) {
                Optional<Path> password = form.contains("ENCRYPTED")
                        ? Optional.of(file("key.pass", "s3cret\n")) : Optional.empty();
                Identity read = load(identity.certificates(), form, password);
                assertEquals(identity.keys().getPrivate().getAlgorithm(), read.key().getAlgorithm());
                assertEquals(identity.chain(), read.chain());
            }
        }
    }

    /** A key without its curve, which OpenSSL puts before it. */
    @Test
    void findsTheCurveOfAKeyBeforeIt() throws Exception {
        TestIdentity identity = SIGNER.ec("a.test");
        String parameters = TestIdentity.pem("EC PARAMETERS",
                new byte[] {6, 8, 42, (byte) 134, 72, (byte) 206, 61, 3, 1, 7});
        Identity read = load(identity.certificates(), parameters + identity.olderKeyWithoutCurve(), Optional.empty());
        assertEquals("EC", read.key().getAlgorithm());
    }

    @Test
    void readsAChainWithItsKeyFromOneFileWithTextAroundThem() throws Exception {
        TestIdentity identity = SIGNER.ec("A.test", "*.b.test", "127.0.0.1");
        Path both = file("both.pem", "Bag Attributes\r\n" + identity.certificates().replace("\n", "\r\n")
                + "- and -----\n" + identity.key());
        Identity read = Identity.load(new Pair(both, both, Optional.empty()), Instant.now());
        assertEquals(List.of("a.test", "*.b.test", "127.0.0.1"), read.names());
    }

    @Test
    void readsAllPairsOfADirectory() throws Exception {
        SIGNER.ec("b.test").write(directory, "b");
        TestIdentity inOne = SIGNER.rsa("a.test");
        file("a.crt", inOne.key() + inOne.certificates());
        file("README", "not a certificate");
        List<Identity> identities = Identity.load(new Directory(directory), Instant.now());
        assertEquals(List.of("a.test", "b.test"), identities.stream().map(one -> one.names().getFirst()).toList());
    }

    @Test
    void explainsKeysThatCannotBeUsed() throws Exception {
        TestIdentity good = SIGNER.ec("a.test");
        assertKeyRefused("the key does not belong to the certificate of CN=a.test", SIGNER.ec("a.test").key());
        assertKeyRefused("the key does not belong to the certificate of CN=a.test", SIGNER.rsa("a.test").key());
        assertKeyRefused("no private key is in the file", good.certificates());
        assertKeyRefused("more than one private key is in the file", good.key() + good.key());
        assertKeyRefused("nothing in PEM format (-----BEGIN ...) is in the file", "hello");
        assertKeyRefused("the key is encrypted and needs a password-file", good.encryptedKey("x"));
        assertKeyRefused("the key is encrypted in OpenSSL's old way; `openssl pkcs8 -topk8` makes one of PKCS#8 out of "
                + "it", "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n"
                + "-----END RSA PRIVATE KEY-----");
        assertKeyRefused("the private key is damaged, or neither RSA nor EC",
                TestIdentity.pem("PRIVATE KEY", new byte[9]));
        assertKeyRefused("the private key is damaged", TestIdentity.pem("EC PRIVATE KEY", new byte[] {0x30, 127}));
        assertKeyRefused("a OPENSSH PRIVATE KEY is not for TLS: use RSA or EC",
                TestIdentity.pem("OPENSSH PRIVATE KEY", new byte[9]));
    }

    @Test
    void tellsHowToMakePemOfABinaryFile() throws Exception {
        Path der = Files.write(directory.resolve("a.der"), new byte[] {0x30, (byte) 0x82, 1, 2});
        assertEquals("is not text; `openssl x509 -inform der` makes PEM of a certificate in DER, "
                + "`openssl pkey -inform der` of a key, `openssl pkcs12 -nodes` of PKCS#12: "
                + der, assertThrows(PemException.class, () ->
                Identity.load(new Pair(der, der, Optional.empty()), Instant.now())).getMessage());
    }

    @Test
    void explainsPasswordsThatDoNotFit() throws Exception {
        TestIdentity good = SIGNER.ec("a.test");
        Path wrong = file("wrong.pass", "wrong");
        assertRefused("the password in " + wrong + " does not decrypt the key: " + directory.resolve("tls.key"),
                good.certificates(), good.encryptedKey("right"), Optional.of(wrong));
        assertRefused("a password-file is given, but the key is not encrypted: " + directory.resolve("tls.key"),
                good.certificates(), good.key(), Optional.of(wrong));
        Path none = directory.resolve("none.pass");
        assertRefused("no such file: " + none, good.certificates(), good.encryptedKey("right"), Optional.of(none));
    }

    @Test
    void explainsChainsThatCannotBeUsed() throws Exception {
        TestIdentity good = SIGNER.ec("a.test");
        String[] parts = good.certificates().split("(?<=-----END CERTIFICATE-----\n)");
        assertChainRefused("no certificate is in the file", good.key());
        assertChainRefused("certificate 1 is damaged", TestIdentity.pem("CERTIFICATE", new byte[9]));
        assertChainRefused("the certificates are not in order: first CN=test signer, then the one that signed it, and "
                + "so on",
                parts[1] + parts[0] + rootText());
        assertChainRefused("an intermediate certificate is missing: CN=test signer, which signed CN=a.test",
                parts[0] + rootText());
        Instant past = Instant.parse("2024-05-06T12:00:00Z");
        assertChainRefused("expired on 2024-05-06 (CN=a.test)", SIGNER.until(past, "a.test").certificates());
        Instant future = Instant.now().plus(Duration.ofDays(2000));
        PemException refusal = assertThrows(PemException.class,
                () -> load(SIGNER.until(future, "a.test").certificates(), good.key(), Optional.empty()));
        assertTrue(refusal.getMessage().startsWith("not valid before "), refusal.getMessage());
    }

    @Test
    void explainsFilesThatAreNotThere() throws Exception {
        Path none = directory.resolve("none.pem");
        assertEquals("no such file: " + none, assertThrows(PemException.class,
                () -> Identity.load(new Pair(none, none, Optional.empty()), Instant.now())).getMessage());
        assertEquals("no NAME.pem or NAME.crt is in the directory: " + directory, assertThrows(PemException.class,
                () -> Identity.load(new Directory(directory), Instant.now())).getMessage());
        assertEquals("no such directory: " + none, assertThrows(PemException.class,
                () -> Identity.load(new Directory(none), Instant.now())).getMessage());
    }

    @Test
    void doubtsWhatExpiresSoonAndWhatDoesNotLeadToARoot() throws Exception {
        Instant now = Instant.now();
        Identity whole = Identity.load(ROOT.ec("a.test").write(directory, "a"), now);
        assertTrue(ChainCheck.doubt(whole, now).orElseThrow().startsWith("CN=test root is not in the file: clients "
                + "have to know it as a root, or else an intermediate certificate is missing: "));
        assertTrue(ChainCheck.doubt(whole, whole.notAfter().minus(Duration.ofDays(29))).orElseThrow()
                .startsWith("expires on "));
        TestIdentity leaf = ROOT.ec("a.test");
        Path chain = file("whole.pem", leaf.certificates() + rootText() + leaf.key());
        assertEquals(Optional.empty(),
                ChainCheck.doubt(Identity.load(new Pair(chain, chain, Optional.empty()), now), now));
    }

    private void assertKeyRefused(String message, String key) throws IOException {
        TestIdentity other = SIGNER.ec("a.test");
        assertRefused(message + ": " + directory.resolve("tls.key"), other.certificates(), key, Optional.empty());
    }

    private void assertChainRefused(String message, String chain) throws IOException {
        assertRefused(message + ": " + directory.resolve("tls.pem"), chain, "", Optional.empty());
    }

    private void assertRefused(String message, String chain, String key, Optional<Path> password) {
        assertEquals(message,
                assertThrows(PemException.class, () -> load(chain, key, password)).getMessage());
    }

    private Identity load(String chain, String key, Optional<Path> password) throws IOException, PemException {
        return Identity.load(new Pair(file("tls.pem", chain), file("tls.key", key), password), Instant.now());
    }

    private String rootText() throws IOException {
        return Files.readString(ROOT.write(directory.resolve("root.txt")));
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }
}
