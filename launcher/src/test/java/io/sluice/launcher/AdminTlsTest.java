package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.parse.ConfigParser;
import io.sluice.launcher.admin.AdminClient;
import io.sluice.launcher.control.LaunchException;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An admin address that others can reach. */
class AdminTlsTest {

    @TempDir
    private Path directory;

    private Path file(int port) throws IOException {
        return Files.writeString(directory.resolve("sluice.yaml"), """
                admin: { bind: 0.0.0.0:%d, tls: { chain: server.crt, key: server.key } }
                workers: 1
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool }]
                pools: { pool: { servers: [{ name: a, address: 127.0.0.1:1 }] } }
                """.formatted(port));
    }

    @Test
    void isAskedByTlsWhateverNameTheCertificateIsFor() throws Exception {
        TestCertificate.create(directory, "dns:lb.example.com");
        Path file = file(LoopbackPorts.free());
        try (Sluice _ = Sluice.launch(ConfigParser.load(file), file.toString());
             AdminClient client = AdminClient.of(file)) {
            assertEquals("serving", client.get("/status").json().get("state").asString());
        }
    }

    @Test
    void isTrustedOnlyWithTheCertificateOfTheConfiguration() throws Exception {
        TestCertificate.create(directory, "ip:127.0.0.1");
        Path file = file(LoopbackPorts.free());
        try (Sluice _ = Sluice.launch(ConfigParser.load(file), file.toString())) {
            Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
            TestCertificate.create(elsewhere, "ip:127.0.0.1");
            Files.copy(file, elsewhere.resolve("sluice.yaml"));
            Files.copy(directory.resolve("admin.token"), elsewhere.resolve("admin.token"));
            try (AdminClient client = AdminClient.of(elsewhere.resolve("sluice.yaml"))) {
                assertThrows(IOException.class, () -> client.get("/status"));
            }
        }
    }

    @Test
    void takesUpANewCertificate() throws Exception {
        TestCertificate.create(directory, "ip:127.0.0.1");
        Path file = file(LoopbackPorts.free());
        try (Sluice sluice = Sluice.launch(ConfigParser.load(file), file.toString())) {
            assertEquals("the admin address", sluice.control().certificates().getFirst().owner());
            Files.delete(directory.resolve("server.p12"));
            TestCertificate.create(directory, "ip:127.0.0.1");
            sluice.control().reload(file);
            try (AdminClient client = AdminClient.of(file)) {
                assertEquals("serving", client.get("/status").json().get("state").asString());
            }
        }
    }

    @Test
    void takesTheKeyFromTheFileOfTheChain() throws Exception {
        TestCertificate certificate = TestCertificate.create(directory, "ip:127.0.0.1");
        Files.writeString(certificate.certificate(), Files.readString(certificate.key()), StandardOpenOption.APPEND);
        Path file = file(LoopbackPorts.free());
        Files.writeString(file, Files.readString(file).replace(", key: server.key", ""));
        try (Sluice _ = Sluice.launch(ConfigParser.load(file), file.toString());
             AdminClient client = AdminClient.of(file)) {
            assertEquals("serving", client.get("/status").json().get("state").asString());
        }
    }

    @Test
    void saysWhatIsWrongWithTheKey() throws Exception {
        TestCertificate.create(directory, "ip:127.0.0.1");
        Files.writeString(directory.resolve("server.key"), "-----BEGIN RSA PRIVATE KEY-----\n");
        Path file = file(LoopbackPorts.free());
        LaunchException error = assertThrows(LaunchException.class,
                () -> Sluice.launch(ConfigParser.load(file), file.toString()));
        assertTrue(error.getMessage().contains("-----BEGIN ...) is in the file: "
                + directory.resolve("server.key")), error::getMessage);
    }

    @Test
    void saysThatTheAddressIsTaken() throws Exception {
        try (ServerSocket taken = LoopbackPorts.listen()) {
            Path file = Files.writeString(directory.resolve("sluice.yaml"), """
                    workers: 1
                    admin: { bind: 127.0.0.1:%d }
                    listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool }]
                    pools: { pool: { servers: [{ name: a, address: 127.0.0.1:1 }] } }
                    """.formatted(taken.getLocalPort()));
            LaunchException error = assertThrows(LaunchException.class,
                    () -> Sluice.launch(ConfigParser.load(file), file.toString()));
            assertTrue(error.getMessage().contains("sluice.yaml:2:16: admin.bind: the admin address cannot listen on"),
                    error::getMessage);
            assertTrue(error.getMessage().contains("ss -tanp"), error::getMessage);
        }
    }
}
