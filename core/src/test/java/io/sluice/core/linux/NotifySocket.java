package io.sluice.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The service manager's end: a datagram socket of the Unix family, by path or, behind an at sign, by abstract name. */
public final class NotifySocket implements AutoCloseable {

    private static final int MOST_BYTES = 4096;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;

    private final String name;
    private final int descriptor;

    public NotifySocket(String name) {
        this.name = name;
        descriptor = (int) call("socket", 1, 2, 0);
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            MemorySegment address = arena.allocate(Short.BYTES + bytes.length + (name.startsWith("@") ? 0 : 1));
            address.set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, (short) 1);
            MemorySegment.copy(bytes, 0, address, ValueLayout.JAVA_BYTE, Short.BYTES, bytes.length);
            if (name.startsWith("@")) {
                address.set(ValueLayout.JAVA_BYTE, Short.BYTES, (byte) 0);
            }
            if (call("bind", descriptor, address, (int) address.byteSize()) != 0) {
                throw new IllegalStateException("cannot bind " + name);
            }
        }
    }

    /** As the environment tells it. */
    public String name() {
        return name;
    }

    /** The next datagram, or null if none comes in time. */
    public String receive(Duration within) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocateFrom(ValueLayout.JAVA_LONG, within.toSeconds(),
                    Math.max(1, within.toNanosPart() / 1000));
            call("setsockopt", descriptor, SOL_SOCKET, SO_RCVTIMEO, time, (int) time.byteSize());
            MemorySegment buffer = arena.allocate(MOST_BYTES);
            long count = call("recv", descriptor, buffer, (long) MOST_BYTES, 0);
            return count < 0 ? null : new String(buffer.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE),
                    StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        call("close", descriptor);
    }

    @SuppressWarnings("restricted") // Tests run with native access.
    private static long call(String function, Object... arguments) {
        ValueLayout[] layouts = new ValueLayout[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            layouts[i] = switch (arguments[i]) {
                case Integer _ -> ValueLayout.JAVA_INT;
                case Long _ -> ValueLayout.JAVA_LONG;
                default -> ValueLayout.ADDRESS;
            };
        }
        ValueLayout result = function.equals("recv") ? ValueLayout.JAVA_LONG : ValueLayout.JAVA_INT;
        Linker linker = Linker.nativeLinker();
        MethodHandle handle = linker.downcallHandle(linker.defaultLookup().findOrThrow(function),
                FunctionDescriptor.of(result, layouts));
        try {
            return ((Number) handle.invokeWithArguments(arguments)).longValue();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
