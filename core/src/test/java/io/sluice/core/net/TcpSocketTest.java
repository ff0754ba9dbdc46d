package io.sluice.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.linux.SocketCalls;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both kinds of sockets, which a connection does not know apart. */
class TcpSocketTest {

    private final SocketCalls calls = new SocketCalls();
    private final List<AutoCloseable> open = new ArrayList<>();

    enum Kind {
        NATIVE {
            @Override
            TcpSocket open(InetSocketAddress remote) throws IOException {
                return NativeSocket.like(remote);
            }

            @Override
            TcpSocket accept(ServerSocketChannel listening) throws IOException {
                return NativeSocket.acceptedFrom(listening, null);
            }
        },
        CHANNEL {
            @Override
            TcpSocket open(InetSocketAddress remote) throws IOException {
                return new ChannelSocket(SocketChannel.open());
            }

            @Override
            TcpSocket accept(ServerSocketChannel listening) throws IOException {
                return ChannelSocket.acceptedFrom(listening);
            }
        };

        abstract TcpSocket open(InetSocketAddress remote) throws IOException;

        abstract TcpSocket accept(ServerSocketChannel listening) throws IOException;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void acceptsWhoWaitsAndKnowsBothAddresses(Kind kind) throws IOException {
        for (String host : hosts()) {
            ServerSocketChannel listening = listening(host);
            assertNull(kind.accept(listening));
            Socket client = closing(Loopback.connect((InetSocketAddress) listening.getLocalAddress()));
            TcpSocket socket = closing(kind.accept(listening));
            assertEquals(client.getLocalSocketAddress(), socket.remoteAddress());
            assertEquals(client.getRemoteSocketAddress(), socket.localAddress());
        }
    }

    @ParameterizedTest
    @EnumSource
    void connectsAndPassesBytesBothWays(Kind kind) throws IOException {
        for (String host : hosts()) {
            ServerSocket listening = closing(new ServerSocket(0, 1, InetAddress.ofLiteral(host)));
            InetSocketAddress address = (InetSocketAddress) listening.getLocalSocketAddress();
            TcpSocket socket = closing(kind.open(address));
            boolean connected = socket.connect(address);
            Socket peer = closing(Loopback.patient(listening.accept()));
            assertTrue(connected || socket.finishConnect());
            assertEquals(peer.getRemoteSocketAddress(), socket.localAddress());
            assertEquals(address, socket.remoteAddress());
            assertEquals(5, socket.send(calls, ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)), false));
            assertEquals("hello", Loopback.receive(peer, 5));
            Loopback.send(peer, "you");
            ByteBuffer received = ByteBuffer.allocateDirect(10);
            while (received.position() < 3) {
                assertTrue(socket.receive(calls, received) >= 0);
            }
            socket.shutdownOutput();
            Loopback.assertEnd(peer);
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsWhoIsRefused(Kind kind) throws IOException {
        InetSocketAddress nobody = Loopback.refusing();
        TcpSocket socket = closing(kind.open(nobody));
        assertThrows(IOException.class, () -> {
            boolean connected = socket.connect(nobody);
            while (!connected) {
                connected = socket.finishConnect() && socket.receive(calls, ByteBuffer.allocateDirect(1)) != 0;
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void bindsToWhatThisHostHas(Kind kind) throws IOException {
        TcpSocket socket = closing(kind.open(new InetSocketAddress(Loopback.ADDRESS, 1)));
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), 0));
        assertEquals(InetAddress.ofLiteral("127.0.0.2"), socket.localAddress().getAddress());
        TcpSocket other = closing(kind.open(new InetSocketAddress(Loopback.ADDRESS, 1)));
        assertThrows(BindException.class,
                () -> other.bind(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 0)));
    }

    @ParameterizedTest
    @EnumSource
    void resetsAtCloseIfItIsToldTo(Kind kind) throws IOException {
        ServerSocketChannel listening = listening("127.0.0.1");
        Socket client = closing(Loopback.connect((InetSocketAddress) listening.getLocalAddress()));
        TcpSocket socket = closing(kind.accept(listening));
        socket.resetAtClose();
        socket.close();
        Loopback.assertReset(client);
    }

    /** Or it would use what another connection got, which has the same number by then. */
    @ParameterizedTest
    @EnumSource
    void touchesNothingOnceItIsClosed(Kind kind) throws IOException {
        ServerSocketChannel listening = listening("127.0.0.1");
        Socket client = closing(Loopback.connect((InetSocketAddress) listening.getLocalAddress()));
        TcpSocket socket = kind.accept(listening);
        socket.close();
        assertFalse(socket.isOpen());
        Loopback.assertEnd(client);
        assertThrows(ClosedChannelException.class, () -> socket.receive(calls, ByteBuffer.allocateDirect(1)));
        assertThrows(ClosedChannelException.class, () -> socket.send(calls, ByteBuffer.allocateDirect(1), false));
        assertThrows(ClosedChannelException.class, socket::shutdownOutput);
        assertThrows(ClosedChannelException.class, socket::resetAtClose);
        assertThrows(ClosedChannelException.class, socket::localAddress);
        socket.close();
    }

    private static List<String> hosts() throws IOException {
        return Loopback.hasIpv6() ? List.of("127.0.0.1", "::1") : List.of("127.0.0.1");
    }

    private ServerSocketChannel listening(String host) throws IOException {
        ServerSocketChannel listening = closing(ServerSocketChannel.open());
        listening.configureBlocking(false);
        return listening.bind(new InetSocketAddress(InetAddress.ofLiteral(host), 0));
    }

    private <T extends AutoCloseable> T closing(T one) {
        open.add(one);
        return one;
    }
}
