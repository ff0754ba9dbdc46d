package io.sluice.core.linux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashSet;
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

    private static final String MAPPINGS = "/proc/self/smaps";
    /** Device and inode of a mapping that is none of a file. */
    private static final byte[] NO_FILE = " 00:00 0".getBytes(ISO_8859_1);
    private static final byte[] WRITABLE = " rw".getBytes(ISO_8859_1);
    private static final byte[] WRITE_ONLY = " -w".getBytes(ISO_8859_1);
    private static final byte[] WRITTEN = "Anonymous:".getBytes(ISO_8859_1);
    private static final byte[] SWAPPED = "Swap:".getBytes(ISO_8859_1);
    private static final byte[] NOTHING = " 0 kB".getBytes(ISO_8859_1);
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
        try (InputStream smaps = new FileInputStream(MAPPINGS)) {
            return unwrittenFiles(smaps);
        } catch (IOException e) {
            // Without /proc, all pages stay.
            return Set.of();
        }
    }

    /**
     * The mappings that are files nobody has written to. Of some thousand lines, only the first one of such a mapping
     * becomes a string.
     *
     * @param smaps as in proc_pid_smaps(5): each mapping is a line, then lines that count its pages by kind
     */
    static Set<String> unwrittenFiles(InputStream smaps) throws IOException {
        Set<String> found = new LinkedHashSet<>();
        String mapping = null;
        Lines lines = new Lines(smaps);
        while (lines.next()) {
            if (!lines.beginsUpperCase()) {
                mapping = null;
                if (isReadOnlyFile(lines)) {
                    mapping = lines.text();
                    found.add(mapping);
                }
            } else if ((lines.startsWith(WRITTEN) || lines.startsWith(SWAPPED)) && !lines.endsWith(NOTHING)) {
                found.remove(mapping);
            }
        }
        return found;
    }

    private static boolean isReadOnlyFile(Lines mapping) {
        return !mapping.contains(NO_FILE) && !mapping.contains(WRITABLE) && !mapping.contains(WRITE_ONLY);
    }
}
