package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that may make no native calls copies, and says so. */
class NoNativeAccessIT {

    private static final String ALL_COPIED = "zero-copy: this system does not let Sluice use splice(2)";

    @TempDir
    private Path directory;

    @Test
    void copiesAllBytes() throws Exception {
        byte[] sent = new byte[8 * 1024 * 1024];
        new Random(1).nextBytes(sent);
        try (NamedServer server = NamedServer.start("server", (_, client) -> {
                 client.getOutputStream().write(sent);
                 client.shutdownOutput();
             });
             SluiceProcess sluice = launch(server)) {
            try (Socket client = new Socket()) {
                client.connect(sluice.address("in"));
                assertArrayEquals(sent, client.getInputStream().readAllBytes());
            }
            sluice.signal("TERM");
            assertEquals(0, sluice.awaitExit());
            assertEquals(2, sluice.err().split(Pattern.quote(ALL_COPIED), -1).length);
            assertTrue(sluice.err().contains("bytes-copied=" + sent.length), sluice::err);
            assertFalse(sluice.err().contains("bytes-spliced"), sluice::err);
        }
    }

    /** The jar's manifest grants access only to who is started by it. */
    private SluiceProcess launch(NamedServer server) throws Exception {
        Path config = Files.writeString(directory.resolve("sluice.yaml"), """
                listeners: [{ name: in, bind: "127.0.0.1:0", protocol: tcp, pool: pool, session-log: off }]
                pools: { pool: { servers: %s } }
                """.formatted(NamedServer.entries(server)));
        return SluiceProcess.start(new ProcessBuilder(SluiceProcess.JAVA.toString(), "--illegal-native-access=deny",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                "-cp", SluiceProcess.JAR.toString(), Main.class.getName(), "run", "-f", config.toString()))
                .awaitRunning();
    }
}
