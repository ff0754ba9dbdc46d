package io.sluice.config.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.SluiceConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damages good files at random: whatever comes out is a configuration or a located explanation. */
class MutationTest {

    private static final long SEED = 20261120;
    private static final int ROUNDS = 500;
    private static final String CHARACTERS = "{}[]:,-#&*!|>'\"%@`~ \t\n\r09azAZ./\\?=<\u0000\u00e4\ud83c\uFEFF\u2028";

    @ParameterizedTest
    @MethodSource("io.sluice.config.parse.ExampleFiles#all")
    void givesAConfigurationOrAnExplanation(Path file) throws Exception {
        String good = Files.readString(file);
        Random random = new Random(SEED);
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            refused += accepts(mutated(good, random), file.toAbsolutePath().getParent()) ? 0 : 1;
        }
        assertTrue(refused > ROUNDS / 10 && refused < ROUNDS, "mutations are neither harmless nor deadly: " + refused);
    }

    private static boolean accepts(String yaml, Path directory) throws ConfigException {
        SluiceConfig config;
        try {
            config = ConfigParser.load(yaml, "mutated.yaml", directory).config();
        } catch (ConfigException e) {
            e.errors().forEach(error -> assertTrue(error.line() > 0 && error.column() > 0, error.toString()));
            assertFalse(e.getMessage().isBlank());
            return false;
        } catch (RuntimeException | Error e) {
            throw new AssertionError("not refused in good order:\n" + yaml, e);
        }
        assertEquals(config, ConfigParser.load(Dumps.withSecrets(config), "dump.yaml", directory).config());
        return true;
    }

    private static String mutated(String good, Random random) {
        StringBuilder text = new StringBuilder(good);
        for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + 1 + random.nextInt(random.nextInt(8) == 0 ? 200 : 3));
            switch (random.nextInt(4)) {
                case 0 -> text.delete(at, end);
                case 1 -> text.insert(random.nextInt(text.length()), text.substring(at, end));
                case 2 -> text.setCharAt(at, CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
                default -> text.insert(at, CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
            }
            if (text.isEmpty()) {
                return "";
            }
        }
        return text.toString();
    }
}
