package io.sluice.bench.origin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TcpServicesTest {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Test
    void echoesEveryByteToASlowReader() throws Exception {
        byte[] sent = new byte[20_000_000];
        new Random(1).nextBytes(sent);
        try (Origin origin = Origin.start(ANY_PORT, Service.ECHO, 1);
             Socket socket = new Socket(origin.address().getAddress(), origin.address().getPort())) {
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    socket.getOutputStream().write(sent);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertArrayEquals(sent, socket.getInputStream().readNBytes(sent.length));
            writer.join();
        }
    }

    @Test
    void sendsWithoutEnd() throws Exception {
        try (Origin origin = Origin.start(ANY_PORT, Service.SEND, 1);
             Socket socket = new Socket(origin.address().getAddress(), origin.address().getPort())) {
            assertEquals(10_000_000, socket.getInputStream().readNBytes(10_000_000).length);
        }
    }

    @Test
    void discardsWithoutEnd() throws Exception {
        try (Origin origin = Origin.start(ANY_PORT, Service.DISCARD, 1);
             Socket socket = new Socket(origin.address().getAddress(), origin.address().getPort())) {
            socket.getOutputStream().write(new byte[10_000_000]);
            socket.shutdownOutput();
            assertEquals(-1, socket.getInputStream().read());
        }
    }

    @Test
    void listensWithAllThreadsOnOneAddressAndStopsListening() throws Exception {
        InetSocketAddress address;
        try (Origin origin = Origin.start(ANY_PORT, Service.HTTP, 3)) {
            address = origin.address();
            for (int i = 0; i < 20; i++) {
                try (OriginClient client = new OriginClient(origin)) {
                    assertTrue(client.send(OriginClient.get("/")).response().startsWith("200 "));
                }
            }
            assertThrows(IOException.class, () -> Origin.start(origin.address(), Service.HTTP, 1));
        }
        assertThrows(IOException.class, () -> new Socket(address.getAddress(), address.getPort()).close());
    }
}
