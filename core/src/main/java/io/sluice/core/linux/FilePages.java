package io.sluice.core.linux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Takes the pages of mapped files out of this process: those of the JVM's library, the C library and the AOT cache. A
 * start runs and reads much that is never needed again. What is needed after all comes back by a page fault, which
 * reads nothing from the disk while the page cache has the file.
 *
 * <p>Pages that differ from their file would be lost, so only read-only mappings that nobody has written to before are
 * touched: a relocated library has pages of its own, in memory or swapped out. And only mappings that were there at the
 * last call: the dynamic linker maps some files for a moment, and another thread may then get their addresses between
 * the look and the call. Owned by one thread.
 */
public final class FilePages {

    private static final Path MAPPINGS = Path.of("/proc/self/smaps");
    /** madvise(2): drop the pages; those of files are read again when they are touched. */
    private static final int MADV_DONTNEED = 4;

    /** Null if the kernel cannot be asked. */
    private final SystemCall madvise = SystemCall.find("madvise");
    private final MemorySegment callState = SystemCall.newCallState();
    private Set<String> seen = unwrittenFiles();

    /** Drops them. @return the bytes of the mappings that were emptied */
    public long release() {
        if (madvise == null) {
            return 0;
        }
        // All is read first: the code that reads is among the pages.
        Set<String> now = unwrittenFiles();
        long released = 0;
        for (String mapping : now) {
            if (seen.contains(mapping)) {
                released += release(mapping);
            }
        }
        seen = now;
        return released;
    }

    private long release(String mapping) {
        int dash = mapping.indexOf('-');
        long start = Long.parseUnsignedLong(mapping, 0, dash, 16);
        long length = Long.parseUnsignedLong(mapping, dash + 1, mapping.indexOf(' '), 16) - start;
        return madvise.call(callState, start, length, MADV_DONTNEED) == 0 ? length : 0;
    }

    private static Set<String> unwrittenFiles() {
        try {
            // Names of files are in any encoding.
            return unwrittenFiles(Files.readAllLines(MAPPINGS, ISO_8859_1));
        } catch (IOException e) {
            // Without /proc, all pages stay.
            return Set.of();
        }
    }

    /** @param smaps as in proc_pid_smaps(5): each mapping is a line, then lines that count its pages by kind */
    static Set<String> unwrittenFiles(List<String> smaps) {
        Set<String> found = new LinkedHashSet<>();
        String mapping = "";
        for (String line : smaps) {
            if (!Character.isUpperCase(line.charAt(0))) {
                mapping = line;
                if (isReadOnlyFile(line)) {
                    found.add(line);
                }
            } else if ((line.startsWith("Anonymous:") || line.startsWith("Swap:")) && !line.endsWith(" 0 kB")) {
                found.remove(mapping);
            }
        }
        return found;
    }

    private static boolean isReadOnlyFile(String mapping) {
        String[] fields = mapping.split(" ", 6);
        boolean isWritable = fields[1].charAt(1) == 'w';
        boolean isFile = !fields[4].equals("0");
        return isFile && !isWritable;
    }
}
