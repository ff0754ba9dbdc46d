package io.sluice.core.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** File types that the JDK cannot tell from each other: it only knows that they are "other". By inode(7). */
public enum FileType {

    /** A named pipe. */
    PIPE(0x1000),

    /** A Unix domain socket. */
    SOCKET(0xc000);

    private static final int MASK = 0xf000;

    private final int mode;

    FileType(int mode) {
        this.mode = mode;
    }

    /** @throws IOException also if there is no such file */
    public boolean isThatOf(Path file, LinkOption... options) throws IOException {
        return ((int) Files.getAttribute(file, "unix:mode", options) & MASK) == mode;
    }
}
