package io.sluice.core.linux;


/**
 * Closes file descriptors. The caller must forget a closed one, as the kernel reuses the number. Safe from any thread.
 */
public final class Descriptor {

    private static final SystemCall CLOSE = SystemCall.findSilent("close");

    private Descriptor() { }

    /** Whether this process may close descriptors. */
    static boolean isClosable() {
        return CLOSE != null;
    }

    /** Closes a descriptor. */
    public static void close(int descriptor) {
        int result = CLOSE.call(descriptor);
        assert result == 0 : "closed already";
    }
}
