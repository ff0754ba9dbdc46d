package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two Sluices, each with a file of keys: a client's session with one goes on with the other if the keys say so. */
class SharedSessionsTest {

    @TempDir
    private Path directory;

    @Test
    void takesUpSessionsOfOtherHostsAsTheKeysAreNow() throws Exception {
        put("one", 1);
        put("other", 1);
        try (NamedServer server = NamedServer.start("s", Conversation.ANSWER_OK); Sluice one = launch(server, "one");
             Sluice other = launch(server, "other")) {
            assertTrue(goesOn(one, other));
            put("other", 2);
            await().until(() -> !goesOn(one, other));
            assertFalse(goesOn(other, one));
            put("one", 2, 1);
            await().until(() -> goesOn(one, other));
            assertTrue(goesOn(other, one));
        }
    }

    private static boolean goesOn(Sluice first, Sluice second) throws Exception {
        ReturningClient client = new ReturningClient("shop.example.com");
        assertFalse(client.takesUpItsSessionWith(address(first)));
        return client.takesUpItsSessionWith(address(second));
    }

    private static InetSocketAddress address(Sluice sluice) {
        return sluice.addresses("in").getFirst();
    }

    /** Each number stands for a key of its own. */
    private void put(String name, int... numbers) throws IOException {
        StringBuilder keys = new StringBuilder();
        for (int number : numbers) {
            keys.append(Base64.getEncoder().encodeToString(String.valueOf(number).repeat(48)
                    .getBytes(StandardCharsets.US_ASCII))).append('\n');
        }
        Path next = Files.writeString(directory.resolve("next"), keys);
        Files.move(next, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Sluice launch(NamedServer server, String keys) throws Exception {
        return InProcess.launch("listeners: [{ name: in, bind: 127.0.0.1:0, protocol: http, pool: p, "
                + "tls: { certificates: [{ chain: " + ShippedTls.CERTIFICATES.resolve("shop-ec.pem").toAbsolutePath()
                + ", key: " + ShippedTls.CERTIFICATES.resolve("shop-ec.key").toAbsolutePath()
                + " }], session: { ticket-key-file: " + keys + " } } }]\n"
                + "pools: { p: { servers: " + NamedServer.entries(server) + " } }\n", directory);
    }
}
