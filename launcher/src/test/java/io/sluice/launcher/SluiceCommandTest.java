package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class SluiceCommandTest {

    @Test
    void buildsTheNamedCommandAlone() {
        Set<String> names = new HashSet<>(SluiceCommand.commandLine().getSubcommands().keySet());
        names.remove("help");
        for (String name : names) {
            assertEquals(Set.of(name),
                    SluiceCommand.commandLine("-f", "some.yaml", name, "--help").getSubcommands().keySet());
        }
    }

    @Test
    void takesNoEmptyFileNameForADirectory() {
        StringWriter err = new StringWriter();
        CommandLine line = SluiceCommand.commandLine("run", "-f", "").setErr(new PrintWriter(err));
        assertEquals(ExitCode.USAGE, line.execute("run", "-f", ""));
        assertTrue(err.toString().startsWith("Invalid value for option '--file': it is empty\n"), err::toString);
    }

    @Test
    void saysHowAConfigurationFileIsNamed() {
        for (String[] arguments : new String[][] {{"my.yaml"}, {"run", "my.yaml"}, {"validate", "my.yaml"}}) {
            assertEquals("A configuration file is named by -f: -f my.yaml\n", refusal(arguments));
        }
        assertEquals("A configuration file is named by -f: -f my.yml\n", refusal("run", "my.yml"));
    }

    @Test
    void namesAnUnknownOptionBeforeAConfigurationFile() {
        String refusal = refusal("reload", "--bogus", "my.yaml");
        assertTrue(refusal.startsWith("Unknown options: '--bogus', 'my.yaml'\n"), refusal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bench", "origin", "tls", "tls inspect"})
    void offersNoConfigurationFileWhereNoneIsRead(String command) {
        String[] names = command.split(" ");
        CommandLine line = SluiceCommand.commandLine(names);
        for (String name : names) {
            line = line.getSubcommands().get(name);
        }
        assertFalse(line.getUsageMessage().contains("--file"), line::getUsageMessage);
    }

    private static String refusal(String... arguments) {
        StringWriter err = new StringWriter();
        CommandLine line = SluiceCommand.commandLine(arguments).setErr(new PrintWriter(err, true));
        assertEquals(ExitCode.USAGE, line.execute(arguments));
        return err.toString();
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
