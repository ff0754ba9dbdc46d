package io.sluice.launcher.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the process says of itself. */
class ProcessMetricsTest {

    @Test
    void readsTheResidentMemoryWhateverThePageSize() throws Exception {
        assertEquals(2176 * 1024, ProcessMetrics.residentBytes("""
                Name:\tVmRSS:\t1 kB
                VmHWM:\t    4352 kB
                VmRSS:\t    2176 kB
                RssAnon:\t     156 kB
                """));
        long own = ProcessMetrics.residentBytes(Files.readString(Path.of("/proc/self/status")));
        assertTrue(own > 10 << 20 && own < 1L << 40, () -> own + " bytes");
    }
}
