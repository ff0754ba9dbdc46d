package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the program says and ends with when it does not run for long. */
class CommandLineIT {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"validate", "-t", "-c"})
    void acceptsAValidConfiguration(String check) throws Exception {
        Path config = ShippedFiles.defaultConfigWithFreePorts(directory);
        try (SluiceProcess sluice = SluiceProcess.start(check, "-f", config.toString())) {
            assertEquals(ExitCode.OK, sluice.awaitExit());
            assertEquals(config + " is valid: 1 listener, 1 pool, 3 servers\n", sluice.out());
            assertEquals("", sluice.err());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"validate", "-t", "-c", "run"})
    void tellsAllErrorsOfAnInvalidConfigurationAndWhereTheyAre(String command) throws Exception {
        Path config = Files.writeString(directory.resolve("wrong.yaml"), """
                listeners:
                  - { name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pol }
                pools:
                  pool:
                    balanse: round-robin
                    servers: [{ name: a, address: 127.0.0.1:1 }]
                """);
        try (SluiceProcess sluice = SluiceProcess.start(command, "-f", config.toString())) {
            assertEquals(ExitCode.INVALID_CONFIG, sluice.awaitExit());
            assertTrue(sluice.err().contains(config + ":2:57: "), sluice::err);
            assertTrue(sluice.err().contains(config + ":5:5: "), sluice::err);
            assertTrue(sluice.err().contains("\"balance\""), sluice::err);
            assertTrue(sluice.err().endsWith("2 errors: the configuration is not valid.\n"), sluice::err);
            assertEquals("", sluice.out());
        }
    }

    @Test
    void saysThatAFileIsMissing() throws Exception {
        Path config = directory.resolve("absent.yaml");
        try (SluiceProcess sluice = SluiceProcess.start("validate", "-f", config.toString())) {
            assertEquals(ExitCode.INVALID_CONFIG, sluice.awaitExit());
            assertTrue(sluice.err().contains(config.toString()), sluice::err);
            assertTrue(!sluice.err().contains("Exception"), sluice::err);
        }
    }

    @Test
    void dumpsAConfigurationThatIsValidItself() throws Exception {
        Path config = ShippedFiles.defaultConfigWithFreePorts(directory);
        Path dumped = directory.resolve("dumped.yaml");
        try (SluiceProcess dump = SluiceProcess.start("validate", "--dump", "-f", config.toString())) {
            assertEquals(ExitCode.OK, dump.awaitExit());
            Files.writeString(dumped, dump.out());
        }
        try (SluiceProcess again = SluiceProcess.start("validate", "--dump", "-f", dumped.toString())) {
            assertEquals(ExitCode.OK, again.awaitExit());
            assertEquals(Files.readString(dumped), again.out());
        }
    }

    @Test
    void tellsItsVersion() throws Exception {
        try (SluiceProcess sluice = SluiceProcess.start("--version")) {
            assertEquals(ExitCode.OK, sluice.awaitExit());
            assertTrue(sluice.out().matches("Sluice \\d+\\.\\d+\\.\\d+\\S*, Java 25\\S*\n"), sluice::out);
        }
    }

    @Test
    void helps() throws Exception {
        try (SluiceProcess sluice = SluiceProcess.start("--help")) {
            assertEquals(ExitCode.OK, sluice.awaitExit());
            assertTrue(sluice.out().contains("Usage: sluice ") && sluice.out().contains("Exit codes:"), sluice::out);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"validate -f %s", "validate --dump -f %s", "--help", "--version", "help run"})
    void tellsThatItsOutputCouldNotBeWritten(String command) throws Exception {
        String config = ShippedFiles.defaultConfigWithFreePorts(directory).toString();
        ProcessBuilder builder = new ProcessBuilder(
                SluiceProcess.command(List.of(), command.formatted(config).split(" ")));
        try (SluiceProcess sluice = SluiceProcess.start(builder.redirectOutput(new File("/dev/full")))) {
            assertEquals(ExitCode.NOT_TOLD, sluice.awaitExit());
            assertEquals("not all of the output could be written: No space left on device\n", sluice.err());
        }
    }

    /** Even if there is none left to log that. Otherwise it would stay without the thread that has failed. */
    @Test
    void endsIfItHasNoMemory() throws Exception {
        String config = ShippedFiles.defaultConfigWithFreePorts(directory).toString();
        try (SluiceProcess sluice = SluiceProcess.start(List.of("-XX:+UseSerialGC", "-Xmx4m"), "run", "-f", config)) {
            assertEquals(ExitCode.BROKEN, sluice.awaitExit(), sluice::toString);
            assertTrue(sluice.err().contains("Sluice ends, broken"), sluice::err);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"balance", "--wrong"})
    void refusesAnUnknownCommandOrOption(String argument) throws Exception {
        try (SluiceProcess sluice = SluiceProcess.start(argument)) {
            assertEquals(ExitCode.USAGE, sluice.awaitExit());
            assertTrue(sluice.err().contains(argument), sluice::err);
        }
    }

    @Test
    void saysWhereInTheFileAnUpgradeSocketIsAskedForThatCannotBeMade() throws Exception {
        Path config = Files.writeString(directory.resolve("sluice.yaml"), """
                upgrade-socket: sluice.yaml/upgrade.sock
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool }]
                pools: { pool: { servers: [{ name: a, address: 127.0.0.1:1 }] } }
                """);
        try (SluiceProcess sluice = SluiceProcess.start("run", "-f", config.toString())) {
            assertEquals(ExitCode.CANNOT_START, sluice.awaitExit());
            assertTrue(sluice.err().contains(config + ":1:17: upgrade-socket: its socket cannot be opened: "),
                    sluice::err);
            assertTrue(sluice.err().contains("Not a directory: " + config.resolve("upgrade.sock") + "\n"), sluice::err);
        }
    }

    @Test
    void saysWhereInTheFileAnAddressIsAskedForThatIsInUse() throws Exception {
        try (ServerSocket taken = LoopbackPorts.listen()) {
            Path config = Files.writeString(directory.resolve("taken.yaml"), """
                    listeners: [{ name: in, bind: 127.0.0.1:%d, protocol: tcp, pool: pool }]
                    pools: { pool: { servers: [{ name: a, address: 127.0.0.1:1 }] } }
                    """.formatted(taken.getLocalPort()));
            try (SluiceProcess sluice = SluiceProcess.start("run", "-f", config.toString())) {
                assertEquals(ExitCode.CANNOT_START, sluice.awaitExit());
                assertTrue(sluice.err().contains(config + ":1:31: listeners[0].bind[0]: "
                        + "listener in cannot listen on 127.0.0.1:" + taken.getLocalPort()
                        + ": Address already in use\n"), sluice::err);
                assertTrue(!sluice.err().contains("Exception"), sluice::err);
            }
        }
    }
}
