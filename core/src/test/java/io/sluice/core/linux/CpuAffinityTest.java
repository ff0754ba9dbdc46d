package io.sluice.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class CpuAffinityTest {

    @Test
    void bindsTheCallingThreadAlone() throws Exception {
        BitSet before = CpuAffinity.allowed();
        int last = before.length() - 1;
        CompletableFuture<BitSet> bound = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            assertTrue(CpuAffinity.bind(last));
            bound.complete(CpuAffinity.allowed());
        });
        BitSet expected = new BitSet();
        expected.set(last);
        assertEquals(expected, bound.get(20, TimeUnit.SECONDS));
        assertEquals(before, CpuAffinity.allowed());
    }

    @Test
    void refusesACoreThatIsNotThere() {
        assertFalse(CpuAffinity.bind(CpuAffinity.MOST_CORES - 1));
    }
}
