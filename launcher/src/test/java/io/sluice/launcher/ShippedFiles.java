package io.sluice.launcher;

import io.sluice.config.SluiceConfig;
import io.sluice.config.parse.ConfigException;
import io.sluice.config.parse.ConfigParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The files beside the program. */
final class ShippedFiles {

    /** The checkout; tests run in the module's directory. */
    static final Path HOME = Path.of("..").toAbsolutePath().normalize();

    private static final List<Integer> DEFAULT_PORTS = List.of(8080, 8081, 8082, 8083);

    private static final Pattern YAML = Pattern.compile("(?s)```yaml\n(.*?)```");

    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([^|]+) \\| ([^|]+) \\|$");

    private ShippedFiles() { }

    /** What a document shows as YAML, in its order: whole configurations, all of them. */
    static List<SluiceConfig> configurationsIn(String document, String name) throws ConfigException {
        List<SluiceConfig> configs = new ArrayList<>();
        for (MatchResult yaml : YAML.matcher(document).results().toList()) {
            configs.add(ConfigParser.load(yaml.group(1), name, Path.of("")).config());
        }
        return configs;
    }

    /** The rows of the first table under a heading, both cells joined, without the table's head. */
    static List<String> rowsUnder(String heading, String document) {
        String section = document.substring(document.indexOf(heading) + heading.length());
        return ROW.matcher(section.substring(0, section.indexOf("\n#")))
                .results().skip(1).map(row -> row.group(1) + " " + row.group(2)).toList();
    }

    /** A copy of the default configuration in which all ports are others, free at the moment. */
    static Path defaultConfigWithFreePorts(Path directory) throws IOException {
        String text = Files.readString(HOME.resolve("config/sluice.yaml"));
        for (int port : DEFAULT_PORTS) {
            text = text.replace(":" + port, ":" + LoopbackPorts.free());
        }
        return Files.writeString(directory.resolve("sluice.yaml"), text);
    }
}
