package io.sluice.launcher.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;

/** Replaces files atomically: a reader finds the old content or the new, also during the call or after a failure. */
public final class WholeFile {

    private WholeFile() { }

    /**
     * Writes a temporary file beside the file and renames it; the temporary file is deleted if that fails.
     *
     * @param attributes attributes of the new file
     * @throws IOException if the file has not been replaced
     */
    public static void replace(Path file, byte[] content, FileAttribute<?>... attributes) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try {
            Files.createFile(fresh, attributes);
            Files.write(fresh, content);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            removeAfter(e, fresh);
            throw e;
        }
    }

    private static void removeAfter(IOException failure, Path fresh) {
        try {
            Files.deleteIfExists(fresh);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
