package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.launcher.admin.AdminClient;
import io.sluice.launcher.admin.AdminClient.RefusedException;
import io.sluice.launcher.admin.AdminClients;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.function.Executable;

/** Sluice in the test's own process with an admin address, run from a file, and a client of that address. */
final class AdminFixture implements AutoCloseable {

    private final Path file;
    private final Sluice sluice;
    private final AdminClient client;

    private AdminFixture(Path file, Sluice sluice) {
        this.file = file;
        this.sluice = sluice;
        client = AdminClients.to(sluice.admin().orElseThrow());
    }

    /** @param yaml without the section admin */
    static AdminFixture launch(String yaml, Path directory) throws Exception {
        Path file = directory.resolve("sluice.yaml");
        Files.writeString(file, "admin: { bind: 127.0.0.1:0 }\n" + yaml);
        return launch(file);
    }

    static AdminFixture launch(Path file) throws Exception {
        return new AdminFixture(file, Sluice.launch(io.sluice.config.parse.ConfigParser.load(file), file.toString()));
    }

    Sluice sluice() {
        return sluice;
    }

    Path file() {
        return file;
    }

    AdminClient client() {
        return client;
    }

    InetSocketAddress address(String listener) {
        return sluice.addresses(listener).getFirst();
    }

    /** Says something of a server of the pool that most tests have. */
    void set(String server, Map<String, ?> change) throws Exception {
        client.send("PATCH", "/pools/pool/servers/" + server, change);
    }

    AdminClient.Reply putConfig(String yaml, Optional<String> etag) throws Exception {
        return client.send("PUT", "/config", "application/yaml", yaml, etag);
    }

    /** The message with which something is refused. */
    static String refusal(Executable attempt) {
        return assertThrows(RefusedException.class, attempt).getMessage();
    }

    @Override
    public void close() {
        client.close();
        sluice.close();
    }
}
