package io.sluice.config.pem;

import java.nio.file.Path;

/** A file of certificates or keys that cannot be used. The message says why and names the file. Immutable. */
public final class PemException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Path file;

    PemException(Path file, String message) {
        this(file, message, null);
    }

    PemException(Path file, String message, Throwable cause) {
        super(message + ": " + file, cause);
        this.file = file;
    }

    /** The file at fault. */
    public Path file() {
        return file;
    }
}
