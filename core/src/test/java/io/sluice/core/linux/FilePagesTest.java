package io.sluice.core.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilePagesTest {

    private static final int LENGTH = 1 << 20;

    @TempDir
    private Path directory;
    private Path file;
    private byte[] content;

    @BeforeEach
    void writeFile() throws IOException {
        content = "a few bytes of a file ".repeat(LENGTH / 16).substring(0, LENGTH).getBytes(US_ASCII);
        file = Files.write(directory.resolve("mapped"), content);
    }

    @Test
    void takesPagesThatWereOnlyReadOutOfTheProcess() throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            MappedByteBuffer mapped = channel.map(MapMode.READ_ONLY, 0, LENGTH).load();
            assertEquals(LENGTH, residentBytes());

            assertTrue(FilePages.release() >= LENGTH);

            assertEquals(0, residentBytes());
            assertContent(mapped);
        }
    }

    @Test
    void keepsPagesThatCanBeWritten() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer mapped = channel.map(MapMode.PRIVATE, 0, LENGTH);
            Arrays.fill(content, (byte) 1);
            mapped.put(0, content);

            FilePages.release();

            assertEquals(LENGTH, residentBytes());
            assertContent(mapped);
        }
    }

    private void assertContent(MappedByteBuffer mapped) {
        byte[] read = new byte[LENGTH];
        mapped.get(0, read);
        assertArrayEquals(content, read);
    }

    private long residentBytes() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/self/smaps"));
        int mapping = 0;
        while (!lines.get(mapping).endsWith(file.toString())) {
            mapping++;
        }
        String resident = lines.subList(mapping, lines.size()).stream().filter(line -> line.startsWith("Rss:"))
                .findFirst().orElseThrow();
        return Long.parseLong(resident.replaceAll("\\D", "")) * 1024;
    }
}
