package io.sluice.core.linux;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

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
        try {
            Mapping mapping = null;
            for (String line : Files.readAllLines(MAPPINGS)) {
                String[] words = line.split("\\s+");
                if (!words[0].endsWith(":")) {
                    mapping = Mapping.of(words);
                } else if (words[0].equals("Anonymous:") && words[1].equals("0") && mapping.isReadOnlyFile()
                        && madvise.call(callState, mapping.start, mapping.length(), MADV_DONTNEED) == 0) {
                    released += mapping.length();
                }
            }
        } catch (IOException e) {
            // Without /proc, all pages stay.
        }
        return released;
    }

    /** The first line of a mapping in proc_pid_smaps(5). The lines below it count its pages by kind. */
    private record Mapping(long start, long end, String permissions, String inode) {

        static Mapping of(String[] words) {
            int dash = words[0].indexOf('-');
            return new Mapping(Long.parseUnsignedLong(words[0], 0, dash, 16),
                    Long.parseUnsignedLong(words[0], dash + 1, words[0].length(), 16), words[1], words[4]);
        }

        /** Whether a page without a private copy, as "anonymous" ones are, is the same in the file for good. */
        boolean isReadOnlyFile() {
            return permissions.charAt(1) != 'w' && !inode.equals("0");
        }

        long length() {
            return end - start;
        }
    }
}
