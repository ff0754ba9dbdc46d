package io.sluice.config.pem;

import io.sluice.config.CertificateConfig.Pair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS8EncryptedPrivateKeyInfoBuilder;

/**
 * A certificate for tests, with its key. Immutable.
 *
 * @param chain without the root, unless it is the certificate itself
 */
public record TestIdentity(List<X509Certificate> chain, KeyPair keys) {

    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, new byte[] {'\n'});

    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /** Chain and key as {@code NAME.pem} and {@code NAME.key}. */
    public Pair write(Path directory, String name) throws IOException {
        return new Pair(writeChain(directory.resolve(name + ".pem")), replace(directory.resolve(name + ".key"), key()),
                Optional.empty());
    }

    public Path writeChain(Path file) throws IOException {
        return replace(file, certificates());
    }

    public String certificates() {
        StringBuilder text = new StringBuilder();
        try {
            for (X509Certificate certificate : chain) {
                text.append(pem("CERTIFICATE", certificate.getEncoded()));
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }

    /** The key in PKCS#8. */
    public String key() {
        return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
    }

    /** The key in the older format of its kind: PKCS#1 or SEC 1. */
    public String olderKey() throws IOException {
        if (keys.getPrivate() instanceof ECPrivateKey key) {
            return pem("EC PRIVATE KEY", new org.bouncycastle.asn1.sec.ECPrivateKey(256, key.getS(),
                    SECObjectIdentifiers.secp256r1).getEncoded());
        }
        return pem("RSA PRIVATE KEY", PrivateKeyInfo.getInstance(keys.getPrivate().getEncoded()).parsePrivateKey()
                .toASN1Primitive().getEncoded());
    }

    /** A key of EC in SEC 1 that does not say which curve it is on. */
    String olderKeyWithoutCurve() {
        return pem("EC PRIVATE KEY", PrivateKeyInfo.getInstance(keys.getPrivate().getEncoded()).getPrivateKey()
                .getOctets());
    }

    /** The key in PKCS#8, encrypted. */
    public String encryptedKey(String password) throws IOException {
        try {
            return pem("ENCRYPTED PRIVATE KEY", new JcaPKCS8EncryptedPrivateKeyInfoBuilder(keys.getPrivate())
                    .build(new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                            .setProvider(new BouncyCastleProvider()).setPRF(PKCS8Generator.PRF_HMACSHA256)
                            .setPassword(password.toCharArray()).build()).getEncoded());
        } catch (OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + BASE64.encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    /** In one step, so that no one reads half of it. */
    static Path replace(Path file, String text) throws IOException {
        Path whole = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(whole, text);
        return Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
