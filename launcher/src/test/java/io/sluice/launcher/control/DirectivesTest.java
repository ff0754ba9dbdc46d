package io.sluice.launcher.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.pool.Directive;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectivesTest {

    @TempDir
    private Path directory;

    /** As when a disk was full and has room again: nobody has to say the same once more. */
    @Test
    void writesTheFileOnceThatCanBeDone() throws Exception {
        Path file = directory.resolve("state.json");
        Directives directives = Directives.load(Optional.of(file));
        Path obstacle = Files.createDirectories(file.resolve("obstacle"));
        Directive heavy = new Directive(Optional.empty(), Optional.of(7));
        directives.put("pool", "server", heavy);
        directives.saveIfFailing();
        assertTrue(Files.isDirectory(file));

        Files.delete(obstacle);
        Files.delete(file);
        directives.saveIfFailing();
        assertEquals(heavy, Directives.load(Optional.of(file)).of("pool", "server"));
    }

    @Test
    void leavesTheFileToAnotherProcess() throws Exception {
        Path file = directory.resolve("state.json");
        Directives directives = Directives.load(Optional.of(file));
        Path obstacle = Files.createDirectories(file.resolve("obstacle"));
        directives.put("pool", "server", new Directive(Optional.empty(), Optional.of(7)));
        directives.leaveFile();
        Files.delete(obstacle);
        Files.delete(file);
        directives.saveIfFailing();
        assertTrue(Files.notExists(file));
    }

    /** A server that has been drained must not serve because a directory has other permissions after a restart. */
    @Test
    void doesNotStartWithoutKnowingWhetherThereIsAFile() throws Exception {
        Path file = directory.resolve("state.json");
        // Root may search every directory, but nobody finds the end of this link.
        Files.createSymbolicLink(file, file);
        LaunchException refusal = assertThrows(LaunchException.class, () -> Directives.load(Optional.of(file)));
        assertTrue(refusal.getMessage().startsWith("state-file: " + file + " cannot be read: "), refusal.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[null]", "[{}]", "[{'server': 'pool/server', 'weight': -1}]",
            "[{'server': 'pool/server', 'weight': 257}]", "[{'server': 'pool/server', 'state': 'gone'}]"})
    void refusesWhatSomebodyElseHasWritten(String content) throws Exception {
        Path file = Files.writeString(directory.resolve("state.json"), content.replace('\'', '"'));
        LaunchException refusal = assertThrows(LaunchException.class, () -> Directives.load(Optional.of(file)));
        assertTrue(refusal.getMessage().contains("is not what Sluice writes there"), refusal.getMessage());
    }

    @Test
    void writesTheFileOnlyIfThereIsSomethingToWrite() throws Exception {
        Path file = directory.resolve("state.json");
        Directives.load(Optional.of(file)).saveIfFailing();
        assertTrue(Files.notExists(file));
    }
}
