package io.sluice.launcher.control;

import io.sluice.core.loop.Mailbox;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports at each run that Sluice works, as long as every event loop turns: if one hangs, so do its clients, and a
 * restart is better. It posts a message to each loop's mailbox and looks at the next run whether the loop has taken it.
 * A message wakes a sleeping loop, so an idle one counts as alive, and the data path pays nothing in between.
 *
 * <p>Owned by the control plane's scheduler.
 */
final class Watchdog implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    private final List<Loop> loops = new ArrayList<>();
    private final Runnable alive;

    /** @param alive reports to the service manager */
    Watchdog(List<Mailbox> mailboxes, Runnable alive) {
        for (Mailbox mailbox : mailboxes) {
            loops.add(new Loop(loops.size(), mailbox));
        }
        this.alive = alive;
    }

    @Override
    public void run() {
        boolean allTurn = true;
        for (Loop loop : loops) {
            allTurn &= loop.turns();
        }
        if (allTurn) {
            alive.run();
            loops.forEach(Loop::ask);
        }
    }

    /** One event loop, and whether it has taken the last message. */
    private static final class Loop {

        private final int index;
        private final Mailbox mailbox;
        private final AtomicBoolean answered = new AtomicBoolean(true);
        private boolean told;

        Loop(int index, Mailbox mailbox) {
            this.index = index;
            this.mailbox = mailbox;
        }

        boolean turns() {
            boolean turns = answered.get();
            if (!turns && !told) {
                LOG.error("the event loop of worker-{} does not turn; the service manager's watchdog is not fed until "
                        + "it does", index);
            }
            told = !turns;
            return turns;
        }

        void ask() {
            answered.set(false);
            mailbox.post(() -> answered.set(true));
        }
    }
}
