package io.sluice.config.pem;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One object of a PEM file (RFC 7468). Immutable.
 *
 * @param label such as {@code CERTIFICATE}
 * @param der   the decoded content
 */
record PemBlock(String label, byte[] der) {

    static final String CERTIFICATE = "CERTIFICATE";

    private static final int MOST_BYTES = 16 * 1024 * 1024;
    private static final Pattern BLOCK = Pattern.compile(
            "-----BEGIN ([A-Z0-9 ]{1,64})-----([^-]*+(?:-(?!----)[^-]*+)*+)-----END \\1-----");

    /** Reads all blocks of a file, in order; ignores text around them. */
    static List<PemBlock> read(Path file) throws PemException {
        List<PemBlock> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text(file));
        while (matcher.find()) {
            blocks.add(new PemBlock(matcher.group(1), decode(file, matcher.group(1), matcher.group(2))));
        }
        if (blocks.isEmpty()) {
            throw new PemException(file, "nothing in PEM format (-----BEGIN ...) is in the file");
        }
        return blocks;
    }

    private static byte[] decode(Path file, String label, String body) throws PemException {
        if (body.contains("Proc-Type:")) {
            throw new PemException(file, "the key is encrypted in OpenSSL's old way; `openssl pkcs8 -topk8` makes one "
                    + "of PKCS#8 out of it");
        }
        try {
            return Base64.getMimeDecoder().decode(body.strip());
        } catch (IllegalArgumentException e) {
            throw new PemException(file, "a " + label + " is damaged: it is not in Base64", e);
        }
    }

    /** Reads a whole file. @throws PemException also if it is too large */
    static String text(Path file) throws PemException {
        try {
            if (Files.isDirectory(file)) {
                throw new PemException(file, "is a directory, not a file");
            }
            if (Files.size(file) > MOST_BYTES) {
                throw new PemException(file, "larger than 16 MiB");
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new PemException(file, "no such file", e);
        } catch (AccessDeniedException e) {
            throw new PemException(file, "permission denied", e);
        } catch (CharacterCodingException e) {
            throw new PemException(file, "is not text; `openssl x509 -inform der` makes PEM of a certificate in "
                    + "DER, `openssl pkey -inform der` of a key, `openssl pkcs12 -nodes` of PKCS#12", e);
        } catch (IOException e) {
            throw new PemException(file, "cannot be read (" + e.getMessage() + ")", e);
        }
    }
}
