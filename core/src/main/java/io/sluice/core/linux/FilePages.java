package io.sluice.core.linux;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the pages of mapped files out of this process: those of the JVM's library, the C library and the AOT cache. A
 * start runs and reads much that is never needed again. What is needed after all comes back by a page fault, which
 * reads nothing from the disk while the page cache has the file. Safe from any thread.
 */
public final class FilePages {

    private static final Path MAPPINGS = Path.of("/proc/self/smaps");
    /** madvise(2): drop the pages; those of files are read again when they are touched. */
    private static final int MADV_DONTNEED = 4;

    private FilePages() { }

    /** Drops them, unless the kernel cannot be asked. @return the bytes of the mappings that were emptied */
    public static long release() {
        SystemCall madvise = SystemCall.find("madvise");
        if (madvise == null) {
            return 0;
        }
        MemorySegment callState = SystemCall.newCallState();
        long released = 0;
        // All is read first: the code that reads is among the pages.
        for (Mapping mapping : readOnlyFiles()) {
            if (madvise.call(callState, mapping.start, mapping.length(), MADV_DONTNEED) == 0) {
                released += mapping.length();
            }
        }
        return released;
    }

    private static List<Mapping> readOnlyFiles() {
        List<Mapping> found = new ArrayList<>();
        try {
            // Each mapping is a line of its own, then lines that count its pages by kind.
            String mapping = "";
            for (String line : Files.readAllLines(MAPPINGS)) {
                if (!Character.isUpperCase(line.charAt(0))) {
                    mapping = line;
                } else if (line.startsWith("Anonymous:") && line.endsWith(" 0 kB") && isReadOnlyFile(mapping)) {
                    found.add(Mapping.of(mapping));
                }
            }
        } catch (IOException e) {
            // Without /proc, all pages stay.
        }
        return found;
    }

    /** Whether pages that nobody has written to before, as "anonymous" ones are, stay the same as in the file. */
    private static boolean isReadOnlyFile(String mapping) {
        String[] fields = mapping.split(" ", 6);
        boolean isWritable = fields[1].charAt(1) == 'w';
        boolean isFile = !fields[4].equals("0");
        return isFile && !isWritable;
    }

    /** Addresses of this process. */
    private record Mapping(long start, long end) {

        /** By its line in proc_pid_smaps(5). */
        static Mapping of(String line) {
            int dash = line.indexOf('-');
            return new Mapping(Long.parseUnsignedLong(line, 0, dash, 16),
                    Long.parseUnsignedLong(line, dash + 1, line.indexOf(' '), 16));
        }

        long length() {
            return end - start;
        }
    }
}
