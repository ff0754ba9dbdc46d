package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.launcher.observe.FakeReadings;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The overview of {@code ctl show}. */
class CtlCommandTest {

    @Test
    void showsEachServersRoleIfItHasOne() {
        List<List<String>> rows = CtlCommand.Show.servers(JsonMapper.shared().valueToTree(new FakeReadings().at(5)));
        assertEquals(List.of("SERVER", "ADDRESS", "STATE", "ROLE", "WANTED", "WEIGHT", "CONNECTIONS"),
                rows.getFirst());
        assertEquals(List.of("primary", "replica", "replica"), roles(rows, "orders-db/"));
        assertEquals(List.of("-", "-"), roles(rows, "partners/"));
    }

    private static List<String> roles(List<List<String>> rows, String pool) {
        return rows.stream().filter(row -> row.getFirst().startsWith(pool)).map(row -> row.get(3)).toList();
    }
}
