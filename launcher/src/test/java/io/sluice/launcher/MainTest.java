package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;

class MainTest {

    @Test
    void buildsTheNamedCommandAlone() {
        for (String name : Main.commandLine().getSubcommands().keySet()) {
            assertEquals(Set.of(name), Main.commandLine("-f", "some.yaml", name, "--help").getSubcommands().keySet());
        }
    }

    @Test
    void buildsEveryNamedCommand() {
        assertEquals(Set.of("help", "run"), Main.commandLine("help", "run").getSubcommands().keySet());
    }

    @Test
    void buildsAllIfNoneIsNamed() {
        Set<String> all = Main.commandLine().getSubcommands().keySet();

        assertEquals(all, Main.commandLine("--help").getSubcommands().keySet());
        assertEquals(all, Main.commandLine("rnu").getSubcommands().keySet());
        assertEquals(all, Main.commandLine().getSubcommands().keySet());
    }
}
