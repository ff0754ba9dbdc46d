package io.sluice.core.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.config.SluiceConfig;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HandshakeRateTest {

    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    @Test
    void givesEachAMomentAfterTheSlackIsUsedUp() {
        HandshakeRate rate = new HandshakeRate(100, 50 * MS);
        long now = System.nanoTime() + TimeUnit.HOURS.toNanos(1);
        for (int i = 0; i <= 10; i++) {
            assertEquals(0, rate.delayNs(now));
        }
        assertEquals(10 * MS, rate.delayNs(now));
        assertEquals(20 * MS, rate.delayNs(now));
        assertEquals(20 * MS, rate.delayNs(now + 10 * MS));
    }

    @Test
    void keepsNoMomentForThoseWhoWouldWaitTooLong() {
        HandshakeRate rate = new HandshakeRate(100, 15 * MS);
        long now = System.nanoTime() + TimeUnit.HOURS.toNanos(1);
        for (int i = 0; i <= 11; i++) {
            rate.delayNs(now);
        }
        assertEquals(20 * MS, rate.delayNs(now));
        assertEquals(20 * MS, rate.delayNs(now));
        assertEquals(10 * MS, rate.delayNs(now + 10 * MS));
    }

    @Test
    void holdsNooneUpWithoutALimit() {
        HandshakeRate rate = new HandshakeRate(SluiceConfig.UNLIMITED, MS);
        for (int i = 0; i < 1000; i++) {
            assertEquals(0, rate.delayNs(1));
        }
    }
}
