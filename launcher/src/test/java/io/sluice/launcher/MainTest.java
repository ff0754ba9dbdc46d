package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MainTest {

    @Test
    void buildsTheNamedCommandAlone() {
        Set<String> names = new HashSet<>(Main.commandLine().getSubcommands().keySet());
        names.remove("help");
        for (String name : names) {
            assertEquals(Set.of(name), Main.commandLine("-f", "some.yaml", name, "--help").getSubcommands().keySet());
        }
    }

    @Test
    void buildsEveryNamedCommand() {
        assertEquals(Set.of("validate", "run"), Main.commandLine("run", "validate").getSubcommands().keySet());
    }

    @Test
    void buildsAllIfNoneIsNamedOrHelpIsWanted() {
        Set<String> all = Main.commandLine().getSubcommands().keySet();

        assertEquals(all, Main.commandLine("--help").getSubcommands().keySet());
        assertEquals(all, Main.commandLine("help").getSubcommands().keySet());
        assertEquals(all, Main.commandLine("help", "run").getSubcommands().keySet());
        assertEquals(all, Main.commandLine("rnu").getSubcommands().keySet());
        assertEquals(all, Main.commandLine().getSubcommands().keySet());
    }
}
