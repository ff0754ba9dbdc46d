package io.sluice.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescriptorPassingTest {

    @TempDir
    private Path directory;

    @Test
    void whoAdoptsASocketAcceptsWhoWaitsInItAfterTheOtherHasClosedIt() throws Exception {
        assertTrue(DescriptorPassing.isAvailable());
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("socket"));
        try (ServerSocketChannel meeting = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
             SocketChannel sender = SocketChannel.open(address); SocketChannel receiver = meeting.accept()) {
            ServerSocketChannel first = listening();
            ServerSocketChannel second = listening();
            InetSocketAddress local = (InetSocketAddress) second.getLocalAddress();
            DescriptorPassing.send(sender, "two\n".getBytes(StandardCharsets.US_ASCII), List.of(first, second));
            try (SocketChannel waiting = SocketChannel.open(local)) {
                first.close();
                second.close();
                List<Integer> descriptors = new ArrayList<>();
                byte[] bytes = new byte[100];
                int count = DescriptorPassing.receive(receiver, bytes, descriptors);
                assertEquals("two\n", new String(bytes, 0, count, StandardCharsets.US_ASCII));
                assertEquals(2, descriptors.size());
                Descriptor.close(descriptors.getFirst());
                try (ServerSocketChannel adopting = listening()) {
                    DescriptorPassing.adopt(adopting, descriptors.getLast());
                    try (SocketChannel accepted = adopting.accept()) {
                        assertEquals(waiting.getLocalAddress(), accepted.getRemoteAddress());
                        assertEquals(local, accepted.getLocalAddress());
                    }
                }
            }
        }
    }

    @Test
    void passesTextAloneAndTellsTheEnd() throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("socket"));
        try (ServerSocketChannel meeting = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
             SocketChannel sender = SocketChannel.open(address); SocketChannel receiver = meeting.accept()) {
            DescriptorPassing.send(sender, new byte[] {1, 2, 3}, List.of());
            List<Integer> descriptors = new ArrayList<>();
            assertEquals(3, DescriptorPassing.receive(receiver, new byte[100], descriptors));
            sender.shutdownOutput();
            assertEquals(0, DescriptorPassing.receive(receiver, new byte[100], descriptors));
            assertEquals(List.of(), descriptors);
        }
    }

    private static ServerSocketChannel listening() throws Exception {
        return ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    }
}
