package io.sluice.core.worker;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.SluiceConfig;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class ClientLimitTest {

    private static final InetAddress CLIENT = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress OTHER = InetAddress.ofLiteral("192.0.2.2");

    private final ClientLimit limit = new ClientLimit();

    @Test
    void admitsEveryoneWithoutABound() {
        for (int i = 0; i < 1000; i++) {
            assertTrue(limit.admit(new BareSession(), CLIENT));
        }
        limit.release(new BareSession());
    }

    @Test
    void boundsEachClient() {
        limit.most(2);
        Session first = admitted(CLIENT);
        admitted(CLIENT);
        assertRefused(CLIENT);
        admitted(OTHER);
        limit.release(first);
        admitted(CLIENT);
        assertRefused(CLIENT);
    }

    @Test
    void releasesASessionOnce() {
        limit.most(2);
        Session first = admitted(CLIENT);
        admitted(CLIENT);
        limit.release(first);
        limit.release(first);
        admitted(CLIENT);
        assertRefused(CLIENT);
    }

    @Test
    void releasesNothingForASessionThatItRefused() {
        limit.most(1);
        admitted(CLIENT);
        Session refused = new BareSession();
        assertFalse(limit.admit(refused, CLIENT));
        limit.include(refused);
        limit.release(refused);
        assertRefused(CLIENT);
    }

    @Test
    void includesOnceWhoWasAdmittedBeforeThereWasABound() {
        Session first = admitted(CLIENT);
        Session second = admitted(CLIENT);
        limit.include(first);
        limit.most(1);
        admitted(CLIENT);
        limit.include(first);
        limit.include(second);
        limit.include(second);
        limit.most(3);
        assertRefused(CLIENT);
        limit.release(first);
        admitted(CLIENT);
        assertRefused(CLIENT);
    }

    /** Its header may still name another client. */
    @Test
    void includesNobodyWhoWasNotAdmitted() {
        limit.most(1);
        limit.include(new BareSession());
        admitted(CLIENT);
    }

    @Test
    void goesOnCountingWhileTheBoundIsLifted() {
        limit.most(1);
        Session first = admitted(CLIENT);
        limit.most(SluiceConfig.UNLIMITED);
        Session second = admitted(CLIENT);
        limit.most(1);
        assertRefused(CLIENT);
        limit.release(first);
        assertRefused(CLIENT);
        limit.release(second);
        admitted(CLIENT);
    }

    private Session admitted(InetAddress client) {
        Session session = new BareSession();
        assertTrue(limit.admit(session, client));
        return session;
    }

    private void assertRefused(InetAddress client) {
        assertFalse(limit.admit(new BareSession(), client));
    }
}
