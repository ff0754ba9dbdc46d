package io.sluice.core.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds system calls by their names in the C library. Safe from any thread. */
final class SystemCall {

    private static final Logger LOG = LoggerFactory.getLogger(SystemCall.class);
    private static final AtomicBoolean TOLD = new AtomicBoolean();

    private SystemCall() { }

    /** The call, or null on another system than Linux and in a process without access to native calls. */
    @SuppressWarnings("restricted") // The launcher's manifest grants native access.
    static MethodHandle find(String name, FunctionDescriptor type, Linker.Option... options) {
        if (!System.getProperty("os.name").equals("Linux")) {
            return null;
        }
        try {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
        } catch (RuntimeException | IllegalAccessError e) {
            if (!TOLD.getAndSet(true)) {
                LOG.warn("no native access: some socket options stay at the kernel's defaults, and bytes are copied "
                        + "through this process: {}", e.toString());
            }
            return null;
        }
    }
}
