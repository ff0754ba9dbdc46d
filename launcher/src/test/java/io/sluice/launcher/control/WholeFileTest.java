package io.sluice.launcher.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are replaced, and those that cannot be. */
class WholeFileTest {

    @TempDir
    private Path directory;

    @Test
    void replacesAFileByOneWithTheseAttributes() throws Exception {
        byte[] content = new byte[3_000_000];
        new Random(1).nextBytes(content);
        Path file = Files.writeString(directory.resolve("file"), "before");
        // Of a process that was killed.
        Files.writeString(directory.resolve("file.new"), "left over");
        WholeFile.replace(file, content, PosixFilePermissions.asFileAttribute(
                PosixFilePermissions.fromString("r--------")));
        assertArrayEquals(content, Files.readAllBytes(file));
        assertEquals("r--------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(List.of(file), files());
    }

    @Test
    void leavesNothingBehindIfItFails() throws Exception {
        Path file = Files.createDirectory(directory.resolve("file"));
        assertThrows(IOException.class, () -> WholeFile.replace(file, "x".getBytes(StandardCharsets.UTF_8)));
        assertEquals(List.of(file), files());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
