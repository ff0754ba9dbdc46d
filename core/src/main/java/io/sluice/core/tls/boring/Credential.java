package io.sluice.core.tls.boring;

import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLCredential;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/**
 * A certificate with its chain and key, as BoringSSL keeps them. Connections that show it keep it alive by themselves;
 * it is freed once they have ended and this object is unreachable. Immutable.
 */
public final class Credential {

    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private final long address;

    private Credential(long address) {
        this.address = address;
        Native.freeWith(this, () -> free(address));
    }

    /** @throws GeneralSecurityException if BoringSSL cannot use the key, or not with this certificate */
    public static Credential of(List<X509Certificate> chain, PrivateKey key) throws GeneralSecurityException {
        BoringLibrary.require();
        long certificates = 0;
        long privateKey = 0;
        try {
            certificates = parse(pem(chain), SSL::parseX509Chain);
            privateKey = parse(pem("PRIVATE KEY", key.getEncoded()), bio -> SSL.parsePrivateKey(bio, null));
            Credential credential = new Credential(SSLCredential.newX509());
            SSLCredential.setCertChain(credential.address, certificates);
            SSLCredential.setPrivateKey(credential.address, privateKey);
            return credential;
        } catch (Exception e) {
            throw new GeneralSecurityException("BoringSSL cannot use the key: " + e.getMessage(), e);
        } finally {
            SSL.freePrivateKey(privateKey);
            if (certificates != 0) {
                SSL.freeX509Chain(certificates);
            }
        }
    }

    /** The native address, for connections; valid as long as this object is reachable. */
    long address() {
        return address;
    }

    interface Parser<T> {
        T parse(long bio) throws Exception;
    }

    static <T> T parse(byte[] pem, Parser<T> parser) throws Exception {
        ByteBuffer text = ByteBuffer.allocateDirect(pem.length).put(pem).flip();
        long bio = SSL.newMemBIO();
        try {
            SSL.bioWrite(bio, Native.address(text), pem.length);
            Reference.reachabilityFence(text);
            return parser.parse(bio);
        } finally {
            SSL.freeBIO(bio);
        }
    }

    static byte[] pem(List<X509Certificate> certificates) throws GeneralSecurityException {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            text.append(new String(pem("CERTIFICATE", certificate.getEncoded()), StandardCharsets.US_ASCII));
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] pem(String kind, byte[] content) {
        return ("-----BEGIN " + kind + "-----\n" + LINES.encodeToString(content) + "\n-----END " + kind + "-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static void free(long address) {
        try {
            SSLCredential.free(address);
        } catch (Exception e) {
            throw new IllegalStateException("BoringSSL has made it", e);
        }
    }
}
