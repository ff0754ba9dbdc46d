package io.sluice.core.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.linux.Sockets;
import io.sluice.core.net.Loopback;
import io.sluice.core.net.TcpSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Descriptors, of which the kernel tells once: to handlers they have to look as if it told as long as they are ready. */
@EnabledOnOs(OS.LINUX)
class EdgeTriggeredTest {

    private static final int MOST_POLLS = 20_000;

    private final List<TcpSocket> replacements = new ArrayList<>();
    private Consumer<Registration> onTold = ready -> { };
    private int told;
    private Poller poller;
    private Loopback.Pair pair;
    private Registration registration;

    @BeforeEach
    void open() throws IOException {
        poller = new EpollPoller(ready -> {
            told++;
            onTold.accept(ready);
        });
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

    @Test
    void doesNotTakeAResetForAnEnd() throws IOException {
        send();
        Loopback.reset(pair.far());
        while (!registration.isBroken()) {
            poller.poll(0);
        }
        assertFalse(registration.peerHasEnded());
    }

    /** Two are due. Whoever is told first closes the other one, and another socket gets its descriptor. */
    @Test
    void tellsNobodyWhatAClosedDescriptorWasReadyFor() throws IOException {
        ServerSocket listening = Loopback.listen();
        InetSocketAddress address = (InetSocketAddress) listening.getLocalSocketAddress();
        Loopback.Pair other = Loopback.pair();
        Registration second = poller.register(other.near().descriptor(), SelectionKey.OP_READ, null, other.near());
        send();
        other.far().getOutputStream().write('x');
        while (registration.readyOps() == 0 || second.readyOps() == 0) {
            poller.poll(0);
        }
        onTold = ready -> {
            onTold = nobody -> { };
            TcpSocket closed = ready == registration ? other.near() : pair.near();
            int descriptor = closed.descriptor();
            (ready == registration ? second : registration).cancelForClose();
            try {
                closed.close();
                do {
                    replacements.add(TcpSocket.open(address));
                } while (replacements.getLast().descriptor() != descriptor);
                Sockets.connect(descriptor, address);
                poller.register(descriptor, SelectionKey.OP_READ, null, replacements.getLast());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        };
        told = 0;
        poller.poll(0);
        assertEquals(1, told);
        poller.poll(0);
        assertEquals(2, told, "the one that is still open and nobody else");
        for (TcpSocket one : replacements) {
            one.close();
        }
        other.near().close();
        other.far().close();
        listening.close();
    }

    private void send() throws IOException {
        pair.far().getOutputStream().write('x');
    }

    private void assertTold(int ops, int times) throws IOException {
        for (int i = 0; registration.readyOps() != ops && i < MOST_POLLS; i++) {
            // What was sent may be on its way.
            poller.poll(1);
        }
        told = 0;
        poller.poll(0);
        poller.poll(0);
        assertEquals(ops, registration.readyOps());
        assertEquals(times, told);
    }
}
