package io.sluice.config.pem;

import io.sluice.config.LoginConfig.InFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Reads RSA and EC private keys: PKCS#8, encrypted or not, PKCS#1 and SEC 1. Safe from any thread. */
final class PrivateKeys {

    private static final List<String> ALGORITHMS = List.of("RSA", "EC");
    private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";

    private PrivateKeys() { }

    /**
     * Reads the only key of a file.
     *
     * @param passwordFile a file whose first line decrypts the key
     */
    static PrivateKey read(Path file, Optional<Path> passwordFile) throws PemException {
        List<PemBlock> blocks = PemBlock.read(file);
        List<PemBlock> keys = blocks.stream().filter(block -> block.label().endsWith("PRIVATE KEY")).toList();
        if (keys.isEmpty()) {
            throw new PemException(file, "no private key is in the file");
        }
        if (keys.size() > 1) {
            throw new PemException(file, "more than one private key is in the file");
        }
        PemBlock key = keys.getFirst();
        if (passwordFile.isPresent() && !key.label().equals(ENCRYPTED)) {
            throw new PemException(file, "a password-file is given, but the key is not encrypted");
        }
        try {
            return decode(file, switch (key.label()) {
                case "PRIVATE KEY" -> key.der();
                case "RSA PRIVATE KEY" -> Der.rsaToPkcs8(key.der());
                case "EC PRIVATE KEY" -> Der.ecToPkcs8(key.der(), curve(file, key, blocks));
                case ENCRYPTED -> decrypt(file, key.der(), passwordFile.orElseThrow(() ->
                        new PemException(file, "the key is encrypted and needs a password-file")));
                default -> throw new PemException(file, "a " + key.label() + " is not for TLS: use RSA or EC");
            });
        } catch (IllegalArgumentException e) {
            throw new PemException(file, "the private key is damaged", e);
        }
    }

    /** The curve's parameters: in the key, or in a block before it, as OpenSSL writes them. */
    private static byte[] curve(Path file, PemBlock key, List<PemBlock> blocks) throws PemException {
        byte[] own = Der.curveOf(key.der());
        return own != null ? own : blocks.stream().filter(block -> block.label().equals("EC PARAMETERS"))
                .map(PemBlock::der).findFirst()
                .orElseThrow(() -> new PemException(file, "the key does not say which curve it is on"));
    }

    private static PrivateKey decode(Path file, byte[] pkcs8) throws PemException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                // The key is of another algorithm, or damaged.
            } catch (GeneralSecurityException e) {
                throw new PemException(file, "no keys of " + algorithm + " on this Java runtime", e);
            }
        }
        throw new PemException(file, "the private key is damaged, or neither RSA nor EC");
    }

    private static byte[] decrypt(Path file, byte[] der, Path passwordFile) throws PemException {
        PBEKeySpec password = new PBEKeySpec(password(passwordFile).toCharArray());
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
            // With PBES2 (PKCS#5 version 2), only the parameters name the cipher.
            String algorithm = info.getAlgName().equals("PBES2") ? info.getAlgParameters().toString()
                    : info.getAlgName();
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(Cipher.DECRYPT_MODE, SecretKeyFactory.getInstance(algorithm).generateSecret(password),
                    info.getAlgParameters());
            return info.getKeySpec(cipher).getEncoded();
        } catch (InvalidKeySpecException e) {
            throw new PemException(file, "the password in " + passwordFile + " does not decrypt the key", e);
        } catch (IOException | GeneralSecurityException e) {
            throw new PemException(file, "the key is damaged, or encrypted in a way that Java does not know", e);
        } finally {
            password.clearPassword();
        }
    }

    private static String password(Path passwordFile) throws PemException {
        try {
            return new InFile(passwordFile).read();
        } catch (IOException e) {
            String message = e.getMessage();
            throw new PemException(passwordFile, message.replace(": " + passwordFile, "")
                    .replace(" of " + passwordFile, ""), e);
        }
    }
}
