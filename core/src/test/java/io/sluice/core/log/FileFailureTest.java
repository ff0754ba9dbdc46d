package io.sluice.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What operators read when a file cannot be used: words, and not the name of an exception. */
class FileFailureTest {

    @TempDir
    private Path directory;

    @Test
    void saysWhyAFileCannotBeOpened() throws IOException {
        assertEquals("no such file or directory", reason(() -> append(directory.resolve("missing/x.log"))));
        assertEquals("Is a directory", reason(() -> append(directory)));
        Path file = Files.createFile(directory.resolve("file"));
        assertEquals("Not a directory", reason(() -> append(file.resolve("x.log"))));
        assertEquals("a directory that is not empty is in its place", reason(() -> Files.delete(directory)));
        // Root, as which tests may run, is denied nothing.
        assertEquals("permission denied", FileFailure.reason(new AccessDeniedException("x.log")));
    }

    @Test
    void saysWhyAFileCannotBeWritten() {
        assertEquals("No space left on device", reason(() -> Files.write(Path.of("/dev/full"), new byte[1])));
        assertEquals("java.io.IOException", FileFailure.reason(new IOException()));
    }

    private static void append(Path file) throws IOException {
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
    }

    private static String reason(Executable use) {
        return FileFailure.reason(assertThrows(IOException.class, use));
    }
}
