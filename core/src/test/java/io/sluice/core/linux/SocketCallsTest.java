package io.sluice.core.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class SocketCallsTest {

    private final SocketCalls calls = new SocketCalls();
    private SocketChannel near;
    private SocketChannel far;

    @BeforeEach
    void connect() throws IOException {
        try (ServerSocketChannel listening = ServerSocketChannel.open()) {
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            near = SocketChannel.open(listening.getLocalAddress());
            far = listening.accept();
        }
        near.configureBlocking(false);
    }

    @AfterEach
    void close() throws IOException {
        near.close();
        far.close();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theCallsAreThere() {
        assertTrue(SocketCalls.isAvailable());
    }

    @Test
    void sendsFromThePositionToTheLimit() throws IOException {
        ByteBuffer buffer = direct("..hello..").position(2).limit(7);

        assertEquals(5, calls.send(descriptor(), buffer, false));

        assertEquals(7, buffer.position());
        assertEquals("hello", farReads(5));
    }

    @Test
    void tellsWhetherThereIsRoom() throws IOException {
        assertTrue(calls.hasRoom(descriptor()));
        ByteBuffer much = ByteBuffer.allocateDirect(1024 * 1024);
        // Acknowledgements may still come and make room.
        await().during(Duration.ofMillis(50)).until(() -> {
            calls.send(descriptor(), much.clear(), false);
            return !calls.hasRoom(descriptor());
        });
        far.setOption(StandardSocketOptions.SO_LINGER, 0).close();
        await().until(() -> calls.hasRoom(descriptor()));
    }

    @Test
    void receivesFromThePositionToTheLimit() throws IOException {
        far.write(ByteBuffer.wrap("hello".getBytes(US_ASCII)));
        ByteBuffer buffer = direct("..........").position(2).limit(6);
        awaitReadable();

        assertEquals(4, calls.receive(descriptor(), buffer));

        assertEquals(6, buffer.position());
        assertEquals("..hell....", US_ASCII.decode(buffer.clear()).toString());
    }

    @Test
    void usesASliceFromItsOwnBeginning() throws IOException {
        assertEquals(5, calls.send(descriptor(), direct("..hello").position(2).slice(), false));

        assertEquals("hello", farReads(5));
    }

    @Test
    void sendsFromTheHeap() throws IOException {
        ByteBuffer heap = ByteBuffer.wrap("..hello..".getBytes(US_ASCII)).position(2).limit(7);
        assertEquals(5, calls.send(descriptor(), heap, false));

        assertEquals("hello", farReads(5));
    }

    @Test
    void receivesOntoTheHeap() throws IOException {
        far.write(ByteBuffer.wrap("hello".getBytes(US_ASCII)));
        ByteBuffer buffer = ByteBuffer.wrap("..........".getBytes(US_ASCII)).position(2).limit(6);
        awaitReadable();

        assertEquals(4, calls.receive(descriptor(), buffer));

        assertEquals(6, buffer.position());
        assertEquals("..hell....", US_ASCII.decode(buffer.clear()).toString());
    }

    @Test
    void aHeapBufferSeesTheEnd() throws IOException {
        far.shutdownOutput();
        awaitReadable();

        assertEquals(SocketCalls.END, calls.receive(descriptor(), ByteBuffer.allocate(10)));
    }

    @Test
    void receivesNothingWhereNothingIs() throws IOException {
        assertEquals(0, calls.receive(descriptor(), ByteBuffer.allocateDirect(10)));
    }

    @Test
    void receivesNothingIntoAFullBuffer() throws IOException {
        far.write(ByteBuffer.wrap(new byte[1]));
        awaitReadable();

        assertEquals(0, calls.receive(descriptor(), ByteBuffer.allocateDirect(1).position(1)));
    }

    @Test
    void seesTheEnd() throws IOException {
        far.shutdownOutput();
        awaitReadable();

        assertEquals(SocketCalls.END, calls.receive(descriptor(), ByteBuffer.allocateDirect(10)));
    }

    @Test
    void sendsNothingWhenTheSocketIsFull() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
        long sent = 0;
        int count;
        do {
            count = calls.send(descriptor(), buffer.clear(), false);
            sent += count;
        } while (count > 0);

        assertEquals(0, count);
        assertEquals(0, buffer.position());
        assertTrue(sent > 0);
    }

    @Test
    void aResetIsNoEnd() throws IOException {
        reset();
        awaitReadable();

        assertThrows(IOException.class, () -> calls.receive(descriptor(), ByteBuffer.allocateDirect(10)));
    }

    @Test
    void sendingToAPeerThatIsGoneFails() throws IOException {
        reset();
        awaitReadable();

        assertThrows(IOException.class, () -> calls.send(descriptor(), direct("hello"), false));
    }

    private int descriptor() {
        return Descriptor.of(near);
    }

    private void reset() throws IOException {
        far.setOption(StandardSocketOptions.SO_LINGER, 0);
        far.close();
    }

    private void awaitReadable() throws IOException {
        try (Selector selector = Selector.open()) {
            near.register(selector, SelectionKey.OP_READ);
            assertEquals(1, selector.select(10_000));
        }
    }

    private String farReads(int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            assertTrue(far.read(buffer) > 0);
        }
        return US_ASCII.decode(buffer.flip()).toString();
    }

    private static ByteBuffer direct(String text) {
        return ByteBuffer.allocateDirect(text.length()).put(text.getBytes(US_ASCII)).flip();
    }
}
