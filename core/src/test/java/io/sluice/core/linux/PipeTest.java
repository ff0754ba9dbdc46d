package io.sluice.core.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class PipeTest {

    private static final int MANY = 1024 * 1024;

    private SocketChannel source;
    private Socket sender;
    private SocketChannel sink;
    private Socket receiver;
    private Pipe pipe;

    @BeforeEach
    void open() throws IOException {
        try (ServerSocketChannel listening = ServerSocketChannel.open()) {
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            source = SocketChannel.open(listening.getLocalAddress());
            sender = listening.accept().socket();
            sink = SocketChannel.open(listening.getLocalAddress());
            receiver = listening.accept().socket();
        }
        source.configureBlocking(false);
        sink.configureBlocking(false);
        sink.setOption(StandardSocketOptions.SO_SNDBUF, 16 * 1024);
        pipe = new Splice().openPipe(256 * 1024);
    }

    @AfterEach
    void close() throws IOException {
        pipe.close();
        source.close();
        sender.close();
        sink.close();
        receiver.close();
    }

    @Test
    void theCallsAreThere() {
        assertTrue(Splice.isAvailable());
    }

    @Test
    void passesBytesOn() throws IOException {
        sender.getOutputStream().write("hello".getBytes(US_ASCII));
        awaitReadable();

        assertEquals(5, pipe.fillFrom(descriptor(source), MANY));
        assertFalse(pipe.isEmpty());
        assertEquals(5, pipe.emptyInto(descriptor(sink)));

        assertTrue(pipe.isEmpty());
        assertEquals("hello", new String(receiver.getInputStream().readNBytes(5), US_ASCII));
    }

    @Test
    void takesNoMoreThanItIsTold() throws IOException {
        sender.getOutputStream().write("hello".getBytes(US_ASCII));
        awaitReadable();

        assertEquals(4, pipe.fillFrom(descriptor(source), 4));
        assertEquals(4, pipe.emptyInto(descriptor(sink)));
        assertEquals(1, pipe.fillFrom(descriptor(source), 4));
    }

    @Test
    void tellsNothingFromTheEnd() throws IOException {
        assertEquals(0, pipe.fillFrom(descriptor(source), MANY));

        sender.shutdownOutput();
        awaitReadable();

        assertEquals(Pipe.END, pipe.fillFrom(descriptor(source), MANY));
    }

    @Test
    void tellsOfABrokenSource() throws IOException {
        sender.setSoLinger(true, 0);
        sender.close();
        awaitReadable();

        assertEquals(Pipe.BROKEN, pipe.fillFrom(descriptor(source), MANY));
    }

    @Test
    void keepsWhatTheSinkHasNoRoomForAndInOrder() throws Exception {
        byte[] sent = new byte[8 * MANY];
        new Random(1).nextBytes(sent);
        Thread.ofVirtual().start(() -> send(sent));
        int passed = 0;
        while (pipe.isEmpty()) {
            passed += fillAndEmpty();
        }
        assertEquals(0, pipe.emptyInto(descriptor(sink)));

        FutureTask<byte[]> received = new FutureTask<>(() -> receiver.getInputStream().readNBytes(sent.length));
        Thread.ofVirtual().start(received);
        while (passed < sent.length) {
            passed += pipe.isEmpty() ? fillAndEmpty() : Math.max(0, pipe.emptyInto(descriptor(sink)));
        }
        assertArrayEquals(sent, received.get(20, TimeUnit.SECONDS));
    }

    @Test
    void tellsOfABrokenSinkAndKeepsWhatItHolds() throws IOException {
        sender.getOutputStream().write("hello".getBytes(US_ASCII));
        awaitReadable();
        pipe.fillFrom(descriptor(source), MANY);
        receiver.setSoLinger(true, 0);
        receiver.close();

        assertEquals(Pipe.BROKEN, pipe.emptyInto(descriptor(sink)));
        assertFalse(pipe.isEmpty());
    }

    /** Bytes passed; what the sink has no room for stays in the pipe. */
    private int fillAndEmpty() {
        return pipe.fillFrom(descriptor(source), MANY) > 0 ? pipe.emptyInto(descriptor(sink)) : 0;
    }

    private void send(byte[] bytes) {
        try {
            sender.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int descriptor(SocketChannel channel) {
        return Descriptor.of(channel);
    }

    private void awaitReadable() throws IOException {
        try (Selector selector = Selector.open()) {
            source.register(selector, SelectionKey.OP_READ);
            assertEquals(1, selector.select(20_000));
        }
    }
}
