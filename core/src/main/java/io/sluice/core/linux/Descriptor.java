package io.sluice.core.linux;

import java.nio.channels.Channel;
import sun.nio.ch.SelChImpl;

/**
 * Finds and closes file descriptors. The caller must forget a closed one, as the kernel reuses the number. Safe from
 * any thread.
 */
public final class Descriptor {

    private static final SystemCall CLOSE = SystemCall.findSilent("close");

    private Descriptor() { }

    /** Whether this process may close descriptors. */
    static boolean isClosable() {
        return CLOSE != null;
    }

    /** The descriptor of an open channel. */
    public static int of(Channel channel) {
        return ((SelChImpl) channel).getFDVal();
    }

    /** Closes a descriptor. */
    public static void close(int descriptor) {
        int result = CLOSE.call(descriptor);
        assert result == 0 : "closed already";
    }
}
