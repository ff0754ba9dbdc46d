package io.sluice.core.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.linux.Pipe;
import io.sluice.core.loop.HandDriven;
import io.sluice.core.stats.Counter;
import io.sluice.core.stats.WorkerStats;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class VesselChoiceTest {

    private final HandDriven driven = new HandDriven();
    private final Vessels vessels = new Vessels(new BufferPool(driven.loop(), 4096, 1), new PipePool(driven.loop(), 1),
            new WorkerStats());
    private final VesselChoice choice = new VesselChoice(vessels);

    @AfterEach
    void close() {
        vessels.pipes().close();
        driven.close();
    }

    @Test
    void splicesWhenLargeReadsOutnumberOthers() {
        copy(VesselChoice.LARGE_READS - 1);
        assertFalse(splices());
        choice.onCopied(1, false);
        choice.onCopied(VesselChoice.LARGE_BYTES, false);
        assertFalse(splices());
        choice.onCopied(VesselChoice.LARGE_BYTES, false);
        assertTrue(splices());
        assertEquals(1, switches());
    }

    @Test
    void splicesAtOnceWhatIsAnnouncedToBeMuchUntilItComesInSmallReads() {
        choice.onAnnounced(VesselChoice.ANNOUNCED_BYTES - 1);
        assertFalse(splices());
        choice.onAnnounced(VesselChoice.ANNOUNCED_BYTES);
        assertTrue(splices());
        splice(VesselChoice.SMALL_READS);
        assertFalse(splices());
    }

    @Test
    void takesAnyReadForLargeThatFillsItsBuffer() {
        for (int i = 0; i < VesselChoice.LARGE_READS; i++) {
            choice.onCopied(1, true);
        }
        assertTrue(splices());
    }

    @Test
    void forgetsSmallReadsOfLongAgo() {
        for (int i = 0; i < 100; i++) {
            choice.onCopied(1, false);
        }
        copy(VesselChoice.LARGE_READS);
        assertTrue(splices());
    }

    @Test
    void copiesAfterSmallReadsInARow() {
        copy(VesselChoice.LARGE_READS);
        splices();
        splice(VesselChoice.SMALL_READS - 1);
        choice.onSpliced(VesselChoice.SMALL_BYTES);
        splice(VesselChoice.SMALL_READS - 1);
        assertTrue(splices());
        splice(1);
        assertFalse(splices());
        assertEquals(2, switches());
    }

    /** As the end of an HTTP chunk is, within a stream that is spliced otherwise. */
    @Test
    void goesOnSplicingAfterSomethingThatHadToBeCopied() {
        copy(VesselChoice.LARGE_READS);
        splices();
        choice.onCopied(1, false);
        copy(VesselChoice.LARGE_READS);
        assertTrue(splices());
        assertEquals(1, switches());
    }

    @Test
    void asksForAPipeOnlyNowAndThenWhileThereIsNone() {
        Pipe taken = vessels.pipes().acquire();
        copy(VesselChoice.LARGE_READS);
        assertFalse(splices());
        vessels.pipes().release(taken);
        assertFalse(splices());
        copy(VesselChoice.LARGE_READS);
        assertTrue(splices());
        assertEquals(1, switches());
    }

    @Test
    void copiesWhenAPipeIsNoLongerToBeHad() {
        copy(VesselChoice.LARGE_READS);
        splices();
        vessels.pipes().acquire();
        assertFalse(splices());
        assertEquals(2, switches());
    }

    @Test
    void judgesAnotherFlowAnew() {
        copy(VesselChoice.LARGE_READS);
        splices();
        choice.reset();
        assertFalse(splices());
    }

    @Test
    void expectsMoreAfterAReadThatWasAmple() {
        choice.onCopied(1, true);
        assertTrue(choice.sourceHasMore());
        choice.onCopied(VesselChoice.LARGE_BYTES, false);
        assertFalse(choice.sourceHasMore());
        choice.onSpliced(VesselChoice.MOST_SPLICED_BYTES);
        assertTrue(choice.sourceHasMore());
        choice.onSpliced(1);
        assertFalse(choice.sourceHasMore());
    }

    private boolean splices() {
        Pipe pipe = choice.takePipe();
        if (pipe != null) {
            vessels.pipes().release(pipe);
        }
        return pipe != null;
    }

    private void copy(int largeReads) {
        for (int i = 0; i < largeReads; i++) {
            choice.onCopied(VesselChoice.LARGE_BYTES, false);
        }
    }

    private void splice(int smallReads) {
        for (int i = 0; i < smallReads; i++) {
            choice.onSpliced(VesselChoice.SMALL_BYTES - 1);
        }
    }

    private long switches() {
        return vessels.stats().get(Counter.SPLICE_SWITCHES);
    }
}
