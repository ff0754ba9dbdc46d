package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.linux.CpuAffinity;
import io.sluice.core.worker.Worker;
import io.sluice.launcher.control.LaunchException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Workers run on the cores that they are given. */
@EnabledOnOs(OS.LINUX)
class CpuAffinityTest {

    private static final List<Integer> ALLOWED = CpuAffinity.allowed().stream().boxed().toList();

    @Test
    void bindsWorkersToTheFirstCoresAllowed() throws Exception {
        try (Sluice sluice = launch("workers: 1, cpu-affinity: auto")) {
            assertEquals(List.of(List.of(ALLOWED.getFirst())), coresOfWorkers(sluice));
        }
    }

    @Test
    void makesAWorkerForEachCoreThatIsListed() throws Exception {
        try (Sluice sluice = launch("cpu-affinity: " + ALLOWED.reversed())) {
            assertEquals(ALLOWED.reversed().stream().map(List::of).toList(), coresOfWorkers(sluice));
        }
    }

    @Test
    void leavesWorkersAloneByDefault() throws Exception {
        try (Sluice sluice = launch("workers: 1")) {
            assertEquals(List.of(ALLOWED), coresOfWorkers(sluice));
        }
    }

    @Test
    void doesNotStartOnACoreThatIsNotAllowed() {
        LaunchException e = assertThrows(LaunchException.class, () -> launch("workers: 1, cpu-affinity: [8191]"));
        assertEquals("cpu-affinity: 1 workers need a core each of [8191], but the process may use the cores "
                + CpuAffinity.allowed() + " alone", e.getMessage());
    }

    @Test
    void doesNotStartMoreWorkersThanCoresAllowed() {
        LaunchException e = assertThrows(LaunchException.class,
                () -> launch("workers: 1000, cpu-affinity: auto"));
        assertTrue(e.getMessage().startsWith("cpu-affinity: 1000 workers need a core each, but"), e.getMessage());
    }

    private static Sluice launch(String keys) throws Exception {
        return InProcess.launch("""
                { %s,
                listeners: [{ name: in, bind: "127.0.0.1:0", protocol: tcp, pool: pool }],
                pools: { pool: { servers: [{ name: none, address: "127.0.0.1:1" }] } } }
                """.formatted(keys));
    }

    private static List<List<Integer>> coresOfWorkers(Sluice sluice) throws Exception {
        List<List<Integer>> cores = new ArrayList<>();
        for (Worker worker : sluice.workers()) {
            CompletableFuture<BitSet> allowed = new CompletableFuture<>();
            worker.loop().mailbox().post(() -> allowed.complete(CpuAffinity.allowed()));
            cores.add(allowed.get(20, TimeUnit.SECONDS).stream().boxed().toList());
        }
        return cores;
    }
}
