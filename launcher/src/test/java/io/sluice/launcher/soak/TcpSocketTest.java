package io.sluice.launcher.soak;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class TcpSocketTest {

    private SocketChannel reader;
    private SocketChannel writer;
    private InetSocketAddress readerAddress;
    private InetSocketAddress writerAddress;

    @BeforeEach
    void connect() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            reader = SocketChannel.open(listener.getLocalAddress());
            writer = listener.accept();
        }
        readerAddress = (InetSocketAddress) reader.getLocalAddress();
        writerAddress = (InetSocketAddress) writer.getLocalAddress();
    }

    @AfterEach
    void close() throws IOException {
        reader.close();
        writer.close();
    }

    @Test
    void aClosedSocketIsDeliveringWhatItsPeerHasNoRoomFor() throws IOException {
        writer.configureBlocking(false);
        while (writer.write(ByteBuffer.allocate(65_536)) > 0) {
            // Until nothing more is taken.
        }
        writer.close();
        await().until(() -> writers().isDelivering());
    }

    @Test
    void noSocketIsDeliveringWhatIsForItsPeerToRead() throws IOException {
        writer.write(ByteBuffer.allocate(10));
        writer.close();
        await().until(() -> readers().toReadBytes() >= 10 && writers().toSendBytes() == 0 && !writers().isDelivering());
    }

    private TcpSocket readers() {
        return TcpSocket.of(readerAddress, writerAddress).getFirst();
    }

    private TcpSocket writers() {
        return TcpSocket.of(writerAddress, readerAddress).getFirst();
    }
}
