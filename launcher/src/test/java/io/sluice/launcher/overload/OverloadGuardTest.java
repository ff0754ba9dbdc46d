package io.sluice.launcher.overload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.OverloadConfig;
import io.sluice.core.stats.Allocation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverloadGuardTest {

    private static final OverloadConfig LIMITS = new OverloadConfig(80, 90, 100);

    private final SetGauge descriptors = new SetGauge();
    private final List<Integer> importances = new ArrayList<>(List.of(10, 50, 90));
    private final List<Integer> stoppedUpTo = new ArrayList<>();
    private int idleClosings;
    private final OverloadGuard guard = new OverloadGuard(List.of(descriptors), new Relief() {
        @Override
        public List<Integer> importances() {
            return List.copyOf(importances);
        }

        @Override
        public void stopUpTo(int importance) {
            stoppedUpTo.add(importance);
        }

        @Override
        public void closeIdle() {
            idleClosings++;
        }
    });

    @Test
    void doesNothingBelowTheLimit() {
        look(0.79);
        assertEquals(List.of(), stoppedUpTo);
        assertEquals(0, idleClosings);
        assertEquals(0, descriptors.refreshes);
    }

    /** It looks several times a second: garbage of that would be most of an idle process's. */
    @Test
    void allocatesNothingWhileAllIsCalm() {
        OverloadGuard calm = new OverloadGuard(List.of(new DescriptorGauge(), new HeapGauge()), null);
        OverloadConfig never = new OverloadConfig(99, 99, 99);
        calm.look(never);
        long allocated = Allocation.by(() -> {
            for (int i = 0; i < 1000; i++) {
                calm.look(never);
            }
        });
        assertTrue(allocated < 10_000, allocated + " bytes for 1,000 looks");
    }

    @Test
    void closesWhatIsIdleAndStopsLevelAfterLevelButNotTheLast() {
        assertEquals(10, look(0.80));
        assertEquals(1, idleClosings);
        assertEquals(50, look(0.81));
        assertEquals(50, look(0.81));
        assertEquals(3, idleClosings);
        assertEquals(3, descriptors.refreshes);
    }

    @Test
    void stopsTheMostImportantOnlyHalfWayFromTheLimitToTheEnd() {
        look(0.80);
        look(0.80);
        assertEquals(50, look(0.89));
        assertEquals(90, look(0.90));
        assertEquals(90, look(0.99));
    }

    @Test
    void leavesAllAsItIsUntilThereIsSomeRoom() {
        assertEquals(10, look(0.80));
        assertEquals(10, look(0.79));
        assertEquals(10, look(0.73));
        assertEquals(0, look(0.71));
    }

    @Test
    void letsTheMostImportantAcceptFirst() {
        look(0.95);
        look(0.95);
        assertEquals(90, look(0.95));
        assertEquals(50, look(0.5));
        assertEquals(10, look(0.5));
        assertEquals(0, look(0.5));
        stoppedUpTo.clear();
        look(0.5);
        assertEquals(List.of(), stoppedUpTo);
    }

    @Test
    void stopsTheOnlyLevelLast() {
        importances.removeAll(List.of(10, 90));
        assertEquals(0, look(0.85));
        assertEquals(1, idleClosings);
        assertEquals(50, look(0.90));
        assertEquals(0, look(0.5));
    }

    @Test
    void stopsAlsoListenersThatAReloadBrings() {
        assertEquals(10, look(0.80));
        importances.addFirst(5);
        assertEquals(10, look(0.75));
        assertEquals(5, look(0.5));
        assertEquals(0, look(0.5));
    }

    @Test
    void takesALimitOfAllForNone() {
        descriptors.limitPercent = 100;
        look(1);
        assertEquals(List.of(), stoppedUpTo);
    }

    @Test
    void isDecidedByWhatIsNearestToItsEnd() {
        SetGauge memory = new SetGauge();
        List<Integer> closings = new ArrayList<>();
        OverloadGuard both = new OverloadGuard(List.of(descriptors, memory), new Relief() {
            @Override
            public List<Integer> importances() {
                return List.of(1, 2);
            }

            @Override
            public void stopUpTo(int importance) {
                closings.add(importance);
            }

            @Override
            public void closeIdle() { }
        });
        memory.share = 0.85;
        both.look(LIMITS);
        assertEquals(List.of(1), closings);
        memory.share = 0.1;
        descriptors.share = 0.75;
        both.look(LIMITS);
        assertEquals(1, closings.getLast());
    }

    /** What is stopped after one look. */
    private int look(double share) {
        descriptors.share = share;
        guard.look(LIMITS);
        return stoppedUpTo.isEmpty() ? 0 : stoppedUpTo.getLast();
    }

    private static final class SetGauge implements Gauge {

        private double share;
        private int limitPercent = LIMITS.fileDescriptors();
        private int refreshes;

        @Override
        public String name() {
            return "descriptors";
        }

        @Override
        public double share() {
            return share;
        }

        @Override
        public int limitPercent(OverloadConfig config) {
            return limitPercent;
        }

        @Override
        public void refresh() {
            refreshes++;
        }
    }
}
