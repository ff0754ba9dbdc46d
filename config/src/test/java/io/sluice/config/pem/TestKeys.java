package io.sluice.config.pem;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.concurrent.atomic.AtomicInteger;

/** Keys for tests. Those of RSA take long to make, so there are only a few, which take turns. */
public final class TestKeys {

    private static final KeyPair[] RSA = new KeyPair[3];
    private static final AtomicInteger TURN = new AtomicInteger();

    private TestKeys() { }

    public static KeyPair ec() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Another one than the last time. */
    public static KeyPair rsa() {
        synchronized (RSA) {
            int turn = TURN.getAndIncrement() % RSA.length;
            if (RSA[turn] == null) {
                RSA[turn] = newRsa();
            }
            return RSA[turn];
        }
    }

    private static KeyPair newRsa() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
