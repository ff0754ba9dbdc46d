package io.sluice.core.linux;


/** File descriptors: numbers, so who has closed one must forget it. Safe from any thread. */
public final class Descriptor {

    private static final SystemCall CLOSE = SystemCall.findSilent("close");

    private Descriptor() { }

    /** Whether this process may close descriptors. */
    static boolean isClosable() {
        return CLOSE != null;
    }

    /** Frees one. */
    public static void close(int descriptor) {
        int result = CLOSE.call(descriptor);
        assert result == 0 : "closed already";
    }
}
