package io.sluice.core.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.net.TcpSocket;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServiceTest {

    private final AtomicInteger ends = new AtomicInteger();
    private final Service service = new Service() {
        @Override
        public void accept(TcpSocket client) {
            throw new AssertionError();
        }
    };

    @BeforeEach
    void countEnds() {
        service.atEnd(ends::incrementAndGet);
    }

    @Test
    void doesNotEndWhileItServesAlthoughThereIsNoSession() {
        service.enter();
        service.leave();
        assertEquals(0, ends.get());
    }

    @Test
    void endsWithItsLastSessionOnceItIsReplaced() {
        service.enter();
        service.enter();
        service.retire(true);
        service.leave();
        assertEquals(0, ends.get());
        service.leave();
        assertEquals(1, ends.get());
        assertFalse(service.isClosing());
    }

    @Test
    void endsAtOnceIfItIsReplacedWithoutASession() {
        service.retire(true);
        assertEquals(1, ends.get());
    }

    @Test
    void letsNoConnectionStayWhoseListenerIsGone() {
        service.enter();
        assertFalse(service.isClosing());
        service.retire(false);
        assertTrue(service.isClosing());
        assertEquals(0, ends.get());
    }
}
