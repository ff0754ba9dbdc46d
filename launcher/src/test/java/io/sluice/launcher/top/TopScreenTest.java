package io.sluice.launcher.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.launcher.observe.FakeReadings;
import io.sluice.launcher.observe.FakeReadings.Wish;
import io.sluice.launcher.observe.Readings;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class TopScreenTest {

    private final FakeReadings readings = new FakeReadings();

    @Test
    void showsEachListenerPoolAndServerInALine() {
        List<String> lines = plain().lines(160);
        assertTrue(lines.getFirst().startsWith(" Sluice 0.1.0  serving  up 1d 2h  generation 7 of /etc/sluice/"));
        assertEquals("web  http  830  2.7k  2.2 MB  25 MB  4.5ms  28ms  250k  323", words(line(lines, "web")));
        assertEquals("shop  4/5 up  3", words(line(lines, "shop ")));
        assertEquals("db1  up  primary  100  32/200  1.3  223 kB  2.1 MB  925us  5.6ms  0",
                words(line(lines, "  db1")));
        assertEquals("shop-4  down  100  0  0  0 B  0 B  -  -  299", words(line(lines, "  shop-4")));
    }

    @Test
    void showsThatAServerIsNeitherPrimaryNorReplica() {
        List<String> lines = linesWith("\"role\":\"replica\"", "\"role\":\"none\"");
        assertTrue(words(line(lines, "  db2")).startsWith("db2  up  none  100  "));
    }

    @Test
    void showsTheRoleOfABackupServer() {
        List<String> lines = linesWith("\"backup\":false", "\"backup\":true");
        assertTrue(words(line(lines, "  db1")).startsWith("db1  up  primary  100  "));
        assertTrue(words(line(lines, "  shop-1")).startsWith("shop-1  up  backup  100  "));
    }

    /** Of readings that differ from the usual ones in this. */
    private List<String> linesWith(String usual, String other) {
        JsonMapper json = JsonMapper.shared();
        String changed = json.writeValueAsString(readings.at(5)).replace(usual, other);
        return new TopScreen(json.readValue(changed, Readings.class), false).lines(160);
    }

    @Test
    void showsTheLastEventsTheNewestFirst() {
        List<String> lines = plain().lines(160);
        assertTrue(lines.get(lines.size() - 6).endsWith("server db3 of orders-db: ejected after 5 failures in a row"));
        assertTrue(lines.getLast().endsWith("db2 is replica, at timeline 4, lag 0 s"));
    }

    @Test
    void showsAStateInItsColour() {
        readings.wish("db1", new Wish("drain", 100));
        String line = line(new TopScreen(readings.at(1), true).lines(160), "  db1");
        assertTrue(line.contains("\u001b[33mdraining\u001b[0m"), line);
    }

    @Test
    void usesNoEscapesWithoutColours() {
        assertFalse(String.join("", plain().lines(160)).contains("\u001b"));
    }

    @Test
    void neverExceedsTheTerminal() {
        for (int columns : List.of(20, 40, 80, 100, 200)) {
            for (String line : plain().lines(columns)) {
                assertTrue(line.length() <= columns, columns + ": " + line);
            }
        }
    }

    @Test
    void saysHowMuchDoesNotFit() {
        TopScreen screen = plain();
        List<String> lines = screen.lines(160, 10);
        assertEquals(10, lines.size());
        assertEquals("... " + (screen.lines(160).size() - 9) + " more lines; --once shows all", lines.getLast());
    }

    @Test
    void saysThatWhatItShowsIsOld() {
        TopScreen screen = plain();
        List<String> lines = screen.outdated("it is gone").lines(160);
        assertTrue(lines.getFirst().startsWith(" OLD, of ") && lines.getFirst().endsWith(": it is gone"));
        assertEquals(screen.lines(160).subList(1, 10), lines.subList(1, 10));
    }

    @Test
    void letsNoNameSteerTheTerminal() {
        readings.append("\u001b]0;owned\u0007\n\u009b2J");
        String all = String.join("", plain().lines(400));
        assertTrue(all.contains("shop-1?]0;owned???2J"), all);
        assertTrue(all.chars().noneMatch(Character::isISOControl));
    }

    @Test
    void readsWhatTheApiWrites() {
        Readings reading = readings.at(5);
        JsonMapper json = JsonMapper.shared();
        assertEquals(reading, json.readValue(json.writeValueAsString(reading), Readings.class));
    }

    private TopScreen plain() {
        return new TopScreen(readings.at(5), false);
    }

    private static String line(List<String> lines, String start) {
        return lines.stream().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
    }

    /** Two spaces or more between words are as good as two. */
    private static String words(String line) {
        return line.strip().replaceAll(" {2,}", "  ");
    }
}
