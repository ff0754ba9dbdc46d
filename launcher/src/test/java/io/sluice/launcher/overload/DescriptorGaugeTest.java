package io.sluice.launcher.overload;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class DescriptorGaugeTest {

    /** Others of this process may come and go meanwhile, but not hundreds. */
    @Test
    void countsWhatIsOpen() throws IOException {
        List<DatagramSocket> sockets = new ArrayList<>();
        double before = open();
        try {
            for (int i = 0; i < 300; i++) {
                sockets.add(new DatagramSocket());
            }
            assertEquals(300, open() - before, 100);
        } finally {
            sockets.forEach(DatagramSocket::close);
        }
    }

    private static double open() {
        UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new DescriptorGauge().share() * system.getMaxFileDescriptorCount();
    }
}
