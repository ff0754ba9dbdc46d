package io.sluice.core.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** File descriptors: numbers, so who has closed one must forget it. Safe from any thread. */
public final class Descriptor {

    private static final MethodHandle CLOSE = SystemCall.find("close",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private Descriptor() { }

    /** Whether this process may close descriptors. */
    static boolean isClosable() {
        return CLOSE != null;
    }

    /** Frees one. */
    public static void close(int descriptor) {
        int result;
        try {
            result = (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw new AssertionError("close's method handle takes exactly this argument", e);
        }
        assert result == 0 : "closed already";
    }
}
