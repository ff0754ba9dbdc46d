package io.sluice.core.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.net.Loopback;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Descriptors, of which the kernel tells once: to handlers they have to look as if it told as long as they are ready. */
@EnabledOnOs(OS.LINUX)
class EdgeTriggeredTest {

    private int told;
    private Poller poller;
    private Loopback.Pair pair;
    private Registration registration;

    @BeforeEach
    void open() throws IOException {
        poller = new EpollPoller(ready -> told++);
        pair = Loopback.pair();
        registration = poller.register(pair.near().descriptor(), SelectionKey.OP_READ, null, pair.near());
    }

    @AfterEach
    void close() throws IOException {
        poller.close();
        pair.far().close();
    }

    @Test
    void tellsUntilItHasProvedUnready() throws IOException {
        assertTold(0, 0);
        send();
        assertTold(SelectionKey.OP_READ, 2);
        registration.onUnready(SelectionKey.OP_READ, true);
        assertTold(0, 0);
        send();
        assertTold(SelectionKey.OP_READ, 2);
    }

    @Test
    void tellsAtOnceOfWhatHasComeBeforeItWasAskedFor() throws IOException {
        registration.interestOps(0);
        send();
        assertTold(0, 0);
        registration.interestOps(SelectionKey.OP_READ);
        assertTold(SelectionKey.OP_READ, 2);
        registration.interestOps(SelectionKey.OP_WRITE);
        assertTold(SelectionKey.OP_WRITE, 2);
        registration.onUnready(SelectionKey.OP_WRITE, false);
        assertTold(0, 0);
    }

    @Test
    void knowsOfAnEndThatAShortReadHasNotReached() throws IOException {
        send();
        poller.poll(0);
        assertFalse(registration.peerHasEnded());
        pair.far().shutdownOutput();
        poller.poll(0);
        assertTrue(registration.peerHasEnded());
        told = 0;
        registration.onUnready(SelectionKey.OP_READ, false);
        assertTold(SelectionKey.OP_READ, 2);
    }

    @Test
    void takesNoShortReadForTheLastIfSomethingIsUrgent() throws IOException {
        send();
        pair.far().sendUrgentData('!');
        assertTold(SelectionKey.OP_READ, 2);
        registration.onUnready(SelectionKey.OP_READ, false);
        assertTold(SelectionKey.OP_READ, 2);
        registration.onUnready(SelectionKey.OP_READ, true);
        assertTold(0, 0);
    }

    @Test
    void tellsOfWhatIsBrokenWhateverIsAskedFor() throws IOException {
        assertFalse(registration.isBroken());
        Loopback.reset(pair.far());
        assertTold(SelectionKey.OP_READ, 2);
        assertTrue(registration.isBroken());
        registration.onUnready(SelectionKey.OP_READ, true);
        assertTold(SelectionKey.OP_READ, 2);
        registration.interestOps(0);
        assertTold(0, 0);
    }

    private void send() throws IOException {
        pair.far().getOutputStream().write('x');
    }

    /** Over loopback what was sent has arrived. */
    private void assertTold(int ops, int times) throws IOException {
        told = 0;
        poller.poll(0);
        poller.poll(0);
        assertEquals(ops, registration.readyOps());
        assertEquals(times, told);
    }
}
