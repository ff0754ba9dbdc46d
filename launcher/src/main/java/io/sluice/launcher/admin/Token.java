package io.sluice.launcher.admin;

import io.sluice.config.AdminConfig;
import io.sluice.config.parse.AdminAccess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The secret that callers of the admin address show. Immutable. */
final class Token {

    private static final Logger LOG = LoggerFactory.getLogger(Token.class);
    private static final String SCHEME = "Bearer ";
    private static final int RANDOM_BYTES = 32;
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final String text;

    Token(String text) {
        this.text = text;
    }

    /** Returns the configured token, or reads the file. @throws IOException if the file has no readable token */
    static Token read(AdminAccess access) throws IOException {
        Optional<String> configured = access.admin().token();
        return new Token(configured.isPresent() ? configured.get() : inFile(access.tokenFile()));
    }

    /** Reads the token; creates the file with a new one if it is missing. */
    static Token readOrMake(AdminAccess access) throws IOException {
        if (access.admin().token().isEmpty() && !Files.exists(access.tokenFile())) {
            make(access.tokenFile());
        }
        if (access.admin().token().isEmpty() && isReadableByAll(access.tokenFile())) {
            LOG.warn("admin: every user of this host can read {}, and with it change what runs; chmod o-r",
                    access.tokenFile());
        }
        return read(access);
    }

    private static boolean isReadableByAll(Path file) throws IOException {
        return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
    }

    private static void make(Path file) throws IOException {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        String fresh = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        try {
            Files.createFile(file, OWNER_ONLY);
        } catch (FileAlreadyExistsException e) {
            // Another process has just created the file; its token will do.
            return;
        }
        try {
            Files.writeString(file, fresh + "\n");
            LOG.info("admin: a new token is in {}", file);
        } catch (IOException e) {
            // An empty file would keep the next start from making a token.
            Files.deleteIfExists(file);
            throw new IOException(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static String inFile(Path file) throws IOException {
        String text = Files.readString(file).strip();
        if (text.length() < AdminConfig.LEAST_TOKEN_LENGTH) {
            throw new IOException(file + " holds no token of at least " + AdminConfig.LEAST_TOKEN_LENGTH
                    + " characters; remove it to have a new one made");
        }
        return text;
    }

    /** Whether an Authorization header has this token; takes the same time wherever they differ. */
    boolean isShownBy(String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && MessageDigest.isEqual(bytes(authorization.substring(SCHEME.length()).strip()), bytes(text));
    }

    /** The value of the Authorization header with this token. */
    String authorization() {
        return SCHEME + text;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
