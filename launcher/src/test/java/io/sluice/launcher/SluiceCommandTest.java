package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SluiceCommandTest {

    @Test
    void buildsTheNamedCommandAlone() {
        Set<String> names = new HashSet<>(SluiceCommand.commandLine().getSubcommands().keySet());
        names.remove("help");
        for (String name : names) {
            assertEquals(Set.of(name), SluiceCommand.commandLine("-f", "some.yaml", name, "--help").getSubcommands().keySet());
        }
    }

    @Test
    void buildsEveryNamedCommand() {
        assertEquals(Set.of("validate", "run"), SluiceCommand.commandLine("run", "validate").getSubcommands().keySet());
    }

    @Test
    void buildsAllIfNoneIsNamedOrHelpIsWanted() {
        Set<String> all = SluiceCommand.commandLine().getSubcommands().keySet();

        assertEquals(all, SluiceCommand.commandLine("--help").getSubcommands().keySet());
        assertEquals(all, SluiceCommand.commandLine("help").getSubcommands().keySet());
        assertEquals(all, SluiceCommand.commandLine("help", "run").getSubcommands().keySet());
        assertEquals(all, SluiceCommand.commandLine("rnu").getSubcommands().keySet());
        assertEquals(all, SluiceCommand.commandLine().getSubcommands().keySet());
    }
}
