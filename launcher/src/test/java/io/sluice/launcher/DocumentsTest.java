package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.core.log.Termination;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What several documents share, and that they find each other. */
class DocumentsTest {

    private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s:]*)(?:#([^)\\s]+))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

    @Test
    void listEveryTerminationWithItsMeaning() throws IOException {
        List<String> terminations = Stream.of(Termination.values())
                .map(termination -> "`" + termination.code() + "` " + termination.meaning()).toList();
        assertEquals(terminations, ShippedFiles.rowsUnder("## Termination letters",
                Files.readString(ShippedFiles.HOME.resolve("config/OBSERVABILITY.md"))));
    }

    @Test
    void linkToPlacesThatThereAre() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            for (MatchResult link : LINK.matcher(Files.readString(document)).results().toList()) {
                Path target = link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1)).normalize();
                if (!leads(target, link.group(2))) {
                    broken.add(ShippedFiles.HOME.relativize(document) + ": " + link.group());
                }
            }
        }
        assertEquals(List.of(), broken);
    }

    private static boolean leads(Path target, String anchor) throws IOException {
        return Files.exists(target) && (anchor == null || HEADING.matcher(Files.readString(target)).results()
                .anyMatch(heading -> anchorOf(heading.group(1)).equals(anchor)));
    }

    /** As the usual viewers of Markdown make it. */
    private static String anchorOf(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-');
    }

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>();
        for (String directory : List.of("", "config", "benchmarks", "fuzz")) {
            try (Stream<Path> files = Files.list(ShippedFiles.HOME.resolve(directory))) {
                documents.addAll(files.filter(file -> file.toString().endsWith(".md")).toList());
            }
        }
        return documents;
    }
}
