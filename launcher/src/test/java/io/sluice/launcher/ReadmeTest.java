package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.config.SluiceConfig;
import io.sluice.config.parse.ConfigException;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The README says what the program does, where that can be compared. */
class ReadmeTest {

    private String readme;

    @BeforeEach
    void readReadme() throws IOException {
        readme = Files.readString(Path.of("..", "README.md"));
    }

    @Test
    void listsTheExitCodesAsTheHelpDoes() {
        assertEquals(exitCodesOfHelp(), ShippedFiles.rowsUnder("### Exit codes", readme));
    }

    @Test
    void helpListsEveryExitCode() throws IllegalAccessException {
        List<String> codes = new ArrayList<>();
        for (Field constant : ExitCode.class.getDeclaredFields()) {
            codes.add(String.valueOf(constant.getInt(null)));
        }
        assertEquals(codes, List.copyOf(helpTexts().keySet()));
    }

    @Test
    void givesFirstConfigurationsThatAreValid() throws ConfigException {
        List<String> pools = new ArrayList<>();
        for (SluiceConfig config : ShippedFiles.configurationsIn(readme, "README.md")) {
            config.pools().forEach(pool -> pools.add(pool.name()));
        }
        assertEquals(List.of("fruit", "orders-db"), pools);
    }

    private static List<String> exitCodesOfHelp() {
        return helpTexts().entrySet().stream().map(code -> code.getKey() + " " + code.getValue()).toList();
    }

    private static Map<String, String> helpTexts() {
        return SluiceCommand.commandLine().getCommandSpec().usageMessage().exitCodeList();
    }
}
