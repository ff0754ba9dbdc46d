package io.sluice.core.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Random;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;

/** What is read of a ClientHello. */
class OfferedKeysTest {

    @Test
    void tellsWhichKeysAClientKnows() throws Exception {
        assertEquals(OfferedKeys.RSA | OfferedKeys.P384,
                OfferedKeys.in(hello("TLSv1.3", "rsa_pss_rsae_sha256", "ecdsa_secp384r1_sha384")));
        assertEquals(OfferedKeys.P256, OfferedKeys.in(hello("TLSv1.3", "ecdsa_secp256r1_sha256")));
        assertEquals(OfferedKeys.RSA | OfferedKeys.ANY_EC,
                OfferedKeys.in(hello("TLSv1.2", "rsa_pkcs1_sha256", "ecdsa_secp521r1_sha512")));
        assertEquals(OfferedKeys.RSA, OfferedKeys.in(hello("TLSv1.2", "rsa_pkcs1_sha256")));
    }

    @Test
    void believesNoSignaturesOfEcdsaWithoutACipherOfItBeforeTls13() throws Exception {
        SSLEngine engine = engine("TLSv1.2", "rsa_pkcs1_sha256", "ecdsa_secp256r1_sha256");
        engine.setEnabledCipherSuites(new String[] {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"});
        assertEquals(OfferedKeys.RSA, OfferedKeys.in(hello(engine)));
    }

    @Test
    void knowsNothingBeforeTheWholeMessageIsThere() throws Exception {
        ByteBuffer hello = hello("TLSv1.3", "rsa_pss_rsae_sha256");
        for (int length = 0; length < hello.limit(); length++) {
            assertEquals(OfferedKeys.UNKNOWN, OfferedKeys.in(hello.slice(0, length)));
        }
        assertEquals(0, hello.position());
    }

    @Test
    void takesAnyBytes() throws Exception {
        ByteBuffer hello = hello("TLSv1.3", "rsa_pss_rsae_sha256");
        Random random = new Random(20261121);
        for (int round = 0; round < 20_000; round++) {
            ByteBuffer damaged = ByteBuffer.allocate(hello.limit()).put(hello.duplicate()).flip();
            for (int i = random.nextInt(4); i >= 0; i--) {
                damaged.put(9 + random.nextInt(damaged.limit() - 9), (byte) random.nextInt());
            }
            OfferedKeys.in(damaged);
        }
    }

    private static ByteBuffer hello(String protocol, String... schemes) throws Exception {
        return hello(engine(protocol, schemes));
    }

    private static SSLEngine engine(String protocol, String... schemes) throws Exception {
        SSLEngine engine = Clients.trustingEveryone().engine("a.test", protocol);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setSignatureSchemes(schemes);
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static ByteBuffer hello(SSLEngine engine) throws Exception {
        ByteBuffer hello = ByteBuffer.allocate(32 * 1024);
        engine.wrap(ByteBuffer.allocate(0), hello);
        return hello.flip();
    }
}
