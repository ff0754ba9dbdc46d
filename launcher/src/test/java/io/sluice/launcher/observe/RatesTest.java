package io.sluice.launcher.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RatesTest {

    private static final long SECOND_NS = 1_000_000_000;

    private final Rates rates = new Rates(2);

    @Test
    void isNothingBeforeThereAreTwoSamples() {
        assertEquals(0, rates.perSecond(0));
        rates.sample(5 * SECOND_NS)[0] = 100;
        assertEquals(0, rates.perSecond(0));
    }

    @Test
    void isTheGrowthOfTheLastSeconds() {
        for (int second = 0; second <= 20; second++) {
            long[] numbers = rates.sample(second * SECOND_NS);
            numbers[0] = second * 10L;
            numbers[1] = second < 15 ? 0 : 1000;
            assertEquals(second == 0 ? 0 : 10, rates.perSecond(0), 0.001);
        }
        assertEquals(0, rates.perSecond(1));
    }

    @Test
    void fallsToNothingWithinSecondsWhenNothingHappens() {
        for (int second = 0; second < 30; second++) {
            rates.sample(second * SECOND_NS)[0] = 500;
        }
        rates.sample(30 * SECOND_NS)[0] = 1000;
        assertEquals(100, rates.perSecond(0));
        for (int second = 31; second <= 35; second++) {
            rates.sample(second * SECOND_NS)[0] = 1000;
        }
        assertEquals(0, rates.perSecond(0));
    }
}
