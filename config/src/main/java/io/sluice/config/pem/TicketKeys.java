package io.sluice.config.pem;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The keys that encrypt TLS session tickets. Immutable; callers must not change the bytes.
 *
 * @param keys of {@value #KEY_BYTES} bytes each; the first one encrypts, all decrypt
 */
public record TicketKeys(List<byte[]> keys) {

    /** A name, an AES-128 key and an HMAC key, as in nginx and HAProxy. */
    static final int KEY_BYTES = 48;

    private static final int MOST_KEYS = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    public TicketKeys {
        keys = List.copyOf(keys);
    }

    /** A single random key. */
    public static TicketKeys random() {
        byte[] key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        return new TicketKeys(List.of(key));
    }

    /** A new random key to encrypt with, and the present one to decrypt its tickets; drops older keys. */
    public TicketKeys next() {
        return new TicketKeys(List.of(random().keys.getFirst(), keys.getFirst()));
    }

    /**
     * Reads keys from a file, one a line in Base64. As in HAProxy, the last but one encrypts, so that a new last key
     * can be added on one host after the other before any host encrypts with it. A single key does both.
     */
    public static TicketKeys read(Path file) throws PemException {
        List<byte[]> keys = new ArrayList<>();
        int number = 0;
        for (String line : PemBlock.text(file).lines().toList()) {
            number++;
            if (!line.isBlank()) {
                keys.add(key(file, number, line.strip()));
            }
        }
        if (keys.isEmpty() || keys.size() > MOST_KEYS) {
            throw new PemException(file, "has " + keys.size() + " keys of tickets, where 1 to " + MOST_KEYS
                    + " may be");
        }
        int encrypting = Math.max(0, keys.size() - 2);
        keys.addFirst(keys.remove(encrypting));
        return new TicketKeys(keys);
    }

    private static byte[] key(Path file, int number, String line) throws PemException {
        byte[] key;
        try {
            key = Base64.getDecoder().decode(line);
        } catch (IllegalArgumentException e) {
            throw new PemException(file, "line " + number + " is no Base64", e);
        }
        if (key.length != KEY_BYTES) {
            throw new PemException(file, "line " + number + " has a key of " + key.length + " bytes, where "
                    + KEY_BYTES + " are needed");
        }
        return key;
    }
}
