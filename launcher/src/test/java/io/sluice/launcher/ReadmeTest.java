package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.config.SluiceConfig;
import io.sluice.config.parse.ConfigException;
import io.sluice.core.log.Termination;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The README says what the program does, where that can be compared. */
class ReadmeTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([^|]+) \\| ([^|]+) \\|$");

    private String readme;

    @BeforeEach
    void readReadme() throws IOException {
        readme = Files.readString(Path.of("..", "README.md"));
    }

    @Test
    void listsEveryTerminationWithItsMeaning() {
        List<String> terminations = Stream.of(Termination.values())
                .map(termination -> "`" + termination.code() + "` " + termination.meaning()).toList();
        assertEquals(terminations, rowsUnder("### Termination letters"));
    }

    @Test
    void listsTheExitCodesAsTheHelpDoes() {
        assertEquals(exitCodesOfHelp(), rowsUnder("### Exit codes"));
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
        return Main.commandLine().getCommandSpec().usageMessage().exitCodeList();
    }

    /** The rows of the first table under a heading, cells joined, without the table's head. */
    private List<String> rowsUnder(String heading) {
        String section = readme.substring(readme.indexOf(heading) + heading.length());
        return ROW.matcher(section.substring(0, section.indexOf("\n#")))
                .results().skip(1).map(ReadmeTest::joined).toList();
    }

    private static String joined(MatchResult row) {
        return row.group(1) + " " + row.group(2);
    }
}
