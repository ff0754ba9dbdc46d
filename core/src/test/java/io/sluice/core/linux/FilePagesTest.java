package io.sluice.core.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
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
            FilePages pages = new FilePages();
            assertEquals(LENGTH, residentBytes());

            assertTrue(pages.release() >= LENGTH);

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

            new FilePages().release();

            assertEquals(LENGTH, residentBytes());
            assertContent(mapped);
        }
    }

    @Test
    void keepsPagesOfMappingsThatMayVanishAtOnce() throws IOException {
        FilePages pages = new FilePages();
        try (FileChannel channel = FileChannel.open(file)) {
            MappedByteBuffer mapped = channel.map(MapMode.READ_ONLY, 0, LENGTH).load();
            pages.release();
            assertEquals(LENGTH, residentBytes());

            pages.release();
            assertEquals(0, residentBytes());
            assertContent(mapped);
        }
    }

    /** As a library's constants after relocation: they were written to once, and swapped out since. */
    @Test
    void keepsPagesThatDifferFromTheFile() throws IOException {
        String library = "7f0000000000-7f0000001000 r--p 00000000 08:01 42                         /lib/libsome.so";
        String heap = "7f0000002000-7f0000003000 r--p 00000000 00:00 0 ";
        String data = "7f0000004000-7f0000005000 rw-p 00001000 08:01 42                         /lib/libsome.so";
        assertEquals(Set.of(library), unwritten(library, "0", "0"));
        assertEquals(Set.of(), unwritten(library, "4", "0"));
        assertEquals(Set.of(), unwritten(library, "0", "4"));
        assertEquals(Set.of(), unwritten(heap, "0", "0"));
        assertEquals(Set.of(), unwritten(data, "0", "0"));
    }

    private static Set<String> unwritten(String mapping, String anonymous, String swapped) throws IOException {
        String smaps = String.join("\n", mapping, "Rss:                   4 kB",
                "Anonymous:             " + anonymous + " kB", "Swap:                  " + swapped + " kB",
                "VmFlags: rd mr mw me", "");
        return FilePages.unwrittenFiles(new ByteArrayInputStream(smaps.getBytes(US_ASCII)));
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
