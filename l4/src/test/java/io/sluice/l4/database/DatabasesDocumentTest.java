package io.sluice.l4.database;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** config/DATABASES.md lists the reasons as they are. */
class DatabasesDocumentTest {

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| ([^|\n]+) \\|([^|\n]*)\\|([^|\n]*)\\|([^|\n]*)\\| [^|\n]+ \\|$");

    @Test
    void listsEveryReasonWithItsCodes() throws IOException {
        String document = Files.readString(Path.of("../config/DATABASES.md"));
        List<String> rows = ROW.matcher(document).results().skip(1).map(row -> String.join(" | ", row.group(1),
                row.group(2).strip(), row.group(3).strip(), row.group(4).strip())).toList();
        assertEquals(Stream.of(Reason.values()).map(reason -> String.join(" | ", reason.sentence(),
                codes(PostgresErrors.BY_STATE, reason), codes(MySqlErrors.BY_NUMBER, reason),
                codes(RedisProbe.BY_CODE, reason))).toList(), rows);
    }

    private static <C extends Comparable<C>> String codes(Map<C, Reason> reasons, Reason wanted) {
        return reasons.entrySet().stream().filter(entry -> entry.getValue() == wanted).map(Map.Entry::getKey).sorted()
                .map(Object::toString).collect(Collectors.joining(", "));
    }
}
