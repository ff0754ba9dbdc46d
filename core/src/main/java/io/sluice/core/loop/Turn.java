package io.sluice.core.loop;

/** How much one flow of bytes may move before other connections of its loop get their turn. */
public final class Turn {

    private static final int MOST_READS = 8;
    /** One read may move very many bytes; these are about a quarter of a millisecond's work. */
    private static final int MOST_BYTES = 1024 * 1024;

    private Turn() { }

    /** Whether a flow that has read so often in this turn, and has written so much, may read once more. */
    public static boolean mayReadOn(int reads, long writtenBytes) {
        return reads < MOST_READS && writtenBytes < MOST_BYTES;
    }
}
