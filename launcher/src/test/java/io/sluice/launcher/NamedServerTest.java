package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class NamedServerTest {

    @Test
    void canBeKilledWhileAConversationGoesOnThatHasClosedItsSocket() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        Conversation lasting = (_, client) -> {
            client.close();
            Latches.await(over);
        };
        try (NamedServer server = NamedServer.start("server", lasting);
             Socket client = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.port())) {
            assertEquals(-1, client.getInputStream().read());
            assertDoesNotThrow(server::kill);
            over.countDown();
        }
    }
}
