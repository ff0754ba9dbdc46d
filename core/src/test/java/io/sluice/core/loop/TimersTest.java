package io.sluice.core.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimersTest {

    private final Timers timers = new Timers();
    private final List<String> expired = new ArrayList<>();

    @Test
    void saysWhenTheNextDeadlineIs() {
        assertEquals(Timers.NONE, timers.nextDeadlineNs());
        Timer late = timer("late");
        Timer early = timer("early");
        timers.schedule(late, 20);
        assertEquals(20, timers.nextDeadlineNs());
        timers.schedule(early, 10);
        assertEquals(10, timers.nextDeadlineNs());
        timers.cancel(early);
        assertEquals(20, timers.nextDeadlineNs());
    }

    @Test
    void movesATimerOnlyToTheFrontIfSoAsked() {
        Timer timer = timer("t");
        long[][] wantedAndThen = {{10, 10}, {20, 10}, {10, 10}, {5, 5}};
        for (long[] deadlinesNs : wantedAndThen) {
            timers.scheduleNoLater(timer, deadlinesNs[0]);
            assertEquals(deadlinesNs[1], timers.nextDeadlineNs());
        }
    }

    @Test
    void expiresAtTheDeadlineAndNotBefore() {
        Timer timer = timer("t");
        timers.schedule(timer, 10);
        timers.expire(9);
        assertTrue(timer.isScheduled());
        assertEquals(List.of(), expired);
        timers.expire(10);
        assertFalse(timer.isScheduled());
        assertEquals(List.of("t"), expired);
    }

    @Test
    void ordersDeadlinesAcrossTheOverflowOfTheClock() {
        timers.schedule(timer("after"), Long.MIN_VALUE + 5);
        timers.schedule(timer("before"), Long.MAX_VALUE - 5);
        timers.expire(Long.MAX_VALUE - 1);
        assertEquals(List.of("before"), expired);
        timers.expire(Long.MIN_VALUE + 5);
        assertEquals(List.of("before", "after"), expired);
    }

    @Test
    void leavesOutATimerThatAnotherCancelsWhenBothAreDue() {
        Timer victim = timer("victim");
        timers.schedule(new Timer(nowNs -> timers.cancel(victim)), 1);
        timers.schedule(victim, 2);
        timers.schedule(timer("third"), 3);
        timers.expire(10);
        assertEquals(List.of("third"), expired);
    }

    @Test
    void comesToAnEndAlthoughATimerSchedulesItselfIntoThePast() {
        Timer[] again = new Timer[1];
        again[0] = new Timer(nowNs -> {
            expired.add("again");
            timers.schedule(again[0], nowNs - 5);
        });
        timers.schedule(again[0], 1);
        timers.expire(10);
        assertEquals(List.of("again"), expired);
        assertTrue(again[0].isScheduled());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void agreesWithAModelThatSortsAll(long seed) {
        Random random = new Random(seed);
        Timer[] all = new Timer[300];
        Map<Integer, Long> model = new TreeMap<>();
        List<Integer> told = new ArrayList<>();
        for (int i = 0; i < all.length; i++) {
            int id = i;
            all[i] = new Timer(nowNs -> told.add(id));
        }
        long nowNs = Long.MAX_VALUE - 100_000;
        for (int step = 0; step < 20_000; step++) {
            int id = random.nextInt(all.length);
            switch (random.nextInt(8)) {
                case 0 -> {
                    timers.cancel(all[id]);
                    model.remove(id);
                }
                case 1 -> {
                    nowNs += random.nextInt(100);
                    told.clear();
                    timers.expire(nowNs);
                    assertDueInOrder(model, told, nowNs);
                }
                default -> {
                    long deadlineNs = nowNs + random.nextInt(1000);
                    timers.schedule(all[id], deadlineNs);
                    model.put(id, deadlineNs);
                }
            }
            assertEquals(model.size(), timers.size());
            assertEquals(model.containsKey(id), all[id].isScheduled());
            long fromNs = nowNs;
            long nextInNs = model.values().stream().mapToLong(deadlineNs -> deadlineNs - fromNs).min().orElse(-1);
            assertEquals(model.isEmpty() ? Timers.NONE : nowNs + nextInNs, timers.nextDeadlineNs());
        }
    }

    private static void assertDueInOrder(Map<Integer, Long> model, List<Integer> told, long nowNs) {
        long previousNs = Long.MIN_VALUE;
        for (int id : told) {
            long sinceDeadlineNs = nowNs - model.remove(id);
            assertTrue(sinceDeadlineNs >= 0, "told too early");
            assertTrue(-sinceDeadlineNs >= previousNs, "told out of order");
            previousNs = -sinceDeadlineNs;
        }
        assertTrue(model.values().stream().allMatch(deadlineNs -> deadlineNs - nowNs > 0), "one was forgotten");
    }

    private Timer timer(String name) {
        return new Timer(nowNs -> expired.add(name));
    }
}
