package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class RunArgumentsTest {

    @ParameterizedTest
    @ValueSource(strings = {"run", "run -f some.yaml", "run --take-over", "run --take-over -f some.yaml",
            "run -f some.yaml --take-over", "run -f run"})
    void readsAUsualStartAsPicocliDoes(String line) {
        String[] arguments = line.split(" ");
        CommandLine commandLine = SluiceCommand.commandLine(arguments);
        CommandLine.ParseResult run = commandLine.parseArgs(arguments).subcommand();
        Path file = ((SluiceCommand) commandLine.getCommandSpec().userObject()).file();

        assertEquals(Optional.of(new RunArguments(file, run.hasMatchedOption(RunArguments.TAKE_OVER))),
                RunArguments.of(arguments));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "validate", "-f some.yaml run", "run -f", "run -f -f", "run -f @some",
            "run -fsome.yaml", "run -f one.yaml -f two.yaml", "run --take-over --take-over", "run --help",
            "run --file some.yaml", "run some.yaml"})
    void leavesAllElseToPicocli(String line) {
        assertEquals(Optional.empty(), RunArguments.of(line.split(" ")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no file has\0this in its name"})
    void leavesWhatNamesNoFileToPicocli(String file) {
        assertEquals(Optional.empty(), RunArguments.of("run", "-f", file));
    }

    @Test
    void leavesNoArgumentsToPicocli() {
        assertEquals(Optional.empty(), RunArguments.of());
    }
}
