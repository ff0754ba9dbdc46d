package io.sluice.core;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Has all tests look at once for what they await, and often: Awaitility looks after 100 ms first, and hundreds of tests
 * await what takes one. JUnit finds this class as a service in META-INF.
 */
public final class PromptAwaiting implements LauncherSessionListener {

    private static final Duration INTERVAL = Duration.ofMillis(5);

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(INTERVAL);
    }
}
