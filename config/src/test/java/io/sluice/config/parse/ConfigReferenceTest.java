package io.sluice.config.parse;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {

    @Test
    void theCheckedInReferenceIsCurrent() throws Exception {
        GeneratedFiles.assertCurrent(Path.of("REFERENCE.md"), ConfigReference.toMarkdown());
    }

    @Test
    void showsValuesDefaultAndMeaningOfAKeyUnderItsPath() {
        String section = ConfigReference.toMarkdown().split("## `pools.<name>.health-check` with `type: tcp`\n")[1];
        assertTrue(section.contains("| `fast-interval` | duration | `interval` | Time between checks while"), section);
        assertTrue(section.contains("| `rise` | integer 1 to 1000 | `2` | Successful checks"), section);
    }
}
