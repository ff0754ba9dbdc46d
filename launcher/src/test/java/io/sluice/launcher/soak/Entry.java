package io.sluice.launcher.soak;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What both ends say about one talk. Safe from any thread.
 *
 * @param address that the client has, as servers are told it
 * @param servers that have got its beginning; in order, if one was asked after the other
 * @param left    whether its client has done with it, or given it up
 * @param receipt what its client has got so far
 */
record Entry(Talk talk, Kind listener, String address, List<String> servers, AtomicBoolean left,
        AtomicReference<Receipt> receipt) {

    boolean wasSeen() {
        return !servers.isEmpty();
    }
}
