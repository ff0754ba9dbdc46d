package io.sluice.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class AxisTest {

    @Test
    void marksRoundNumbers() {
        assertEquals(List.of("0", "2", "4", "6", "8", "10"), labels(Axis.linear("", 9.3)));
        assertEquals(List.of("0", "20,000", "40,000", "60,000", "80,000"), labels(Axis.linear("", 71_234)));
        assertEquals(List.of("0", "0.05", "0.1", "0.15", "0.2"), labels(Axis.linear("", 0.17)));
    }

    @Test
    void marksPowersOfTenAndWhatIsBetween() {
        assertEquals(List.of("0.05", "0.1", "0.2", "0.5", "1", "2"), labels(Axis.logarithmic("", 0.07, 1.3)));
        assertEquals(List.of("1", "2"), labels(Axis.logarithmic("", 1, 1)));
    }

    @Test
    void givesEachNineTheSameRoom() {
        Axis axis = Axis.percentiles(99.9);
        assertEquals(List.of("0", "50", "90", "99", "99.9"), labels(axis));
        assertEquals(0, axis.place(0));
        assertEquals(1 / 3.0, axis.place(90), 1e-9);
        assertEquals(2 / 3.0, axis.place(99), 1e-9);
        assertEquals(1, axis.place(99.9), 1e-9);
    }

    @Test
    void keepsValuesWithinItsEnds() {
        Axis axis = Axis.linear("", 10);
        assertEquals(0.5, axis.place(5));
        assertEquals(1, axis.place(11));
        assertEquals(0, axis.place(-1));
    }

    @Test
    void hasAnEndEvenIfAllIsZero() {
        assertEquals(0, Axis.linear("", 0).place(0));
    }

    private static List<String> labels(Axis axis) {
        return axis.ticks().stream().map(Axis.Tick::label).toList();
    }
}
