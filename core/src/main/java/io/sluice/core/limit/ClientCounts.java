package io.sluice.core.limit;

import io.sluice.core.pool.Hash64;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Counts the connections of each client, exactly over all workers and without locks. It allocates only when more
 * clients are connected than ever before.
 *
 * <p>A hash table with open addressing: a client has one of the {@link #WINDOW} slots from where its hash points. If
 * none of them is free, another table is added, twice as large, and a client is looked for in all of them; so there is
 * always room, and the slots follow the clients connected at once, which the limit of connections bounds. Where a hash
 * points depends on secrets, so that nobody can choose addresses that fill a window.
 *
 * <p>A slot's state is one number: how often the slot has changed its client, and the client's connections.
 *
 * <pre>
 *   FREE (0) ── claimed for a client ──▶ CLAIMED (-1) ── settled ──▶ counting (1, 2, ...)
 *   CLAIMED ── withdrawn ──▶ FREE
 *   counting ── last connection released ──▶ FREE
 * </pre>
 *
 * <p>Threads that each miss the same client may claim a slot each, but only one may count. So a claim takes effect by
 * replacing {@link #newest}, the claim that took effect last: that fails if another one has taken effect since the
 * thread began to look for its client, as the client may be there now. A thread that reads a claim there settles it
 * first, and so need not wait for the thread that made it.
 *
 * <p>Safe from any thread.
 */
public final class ClientCounts {

    /** In place of a slot: the client has as many connections as it may have. */
    public static final int NONE = 0;

    private static final int RETRY = -1;
    /** A power of two. A slot's number is the length of its table plus its place there. */
    private static final int FIRST_LENGTH = 512;
    /** Enough for half a billion clients, which no limit of connections lets come near. */
    private static final int MOST_TABLES = 21;
    private static final int WINDOW = 16;
    private static final int CLAIMED = -1;

    private final long secret;
    private final long otherSecret;
    /** Each slot's state and, behind it, its client, which means nothing unless the count is positive. */
    private final AtomicReferenceArray<AtomicLongArray> tables = new AtomicReferenceArray<>(MOST_TABLES);
    /** The claim that has taken effect last: its slot, and how often that had changed its client by then. */
    private final AtomicLong newest = new AtomicLong(word(FIRST_LENGTH, 0));

    public ClientCounts() {
        SecureRandom random = new SecureRandom();
        secret = random.nextLong();
        otherSecret = random.nextLong();
        tables.set(0, newTable(FIRST_LENGTH));
    }

    /**
     * Counts one more connection of a client unless it has {@code most} or more.
     *
     * @param client as {@link ClientNetwork#of} makes it
     * @param most   at least 1
     * @return the slot to {@link #release}, or {@link #NONE}
     */
    public int tryAcquire(long client, int most) {
        int hash = (int) Hash64.mix(Hash64.mix(client ^ secret) ^ otherSecret);
        int slot = RETRY;
        while (slot == RETRY) {
            slot = tryOnce(client, hash, most);
        }
        return slot;
    }

    /** Counts one connection less of the client that has this slot. */
    public void release(int slot) {
        long before = tableOf(slot).getAndAdd(stateIn(slot), -1);
        assert count(before) > 0 : "released more often than acquired";
    }

    private int tryOnce(long client, int hash, int most) {
        long newestBefore = newest.get();
        settle(newestBefore);
        int free = NONE;
        int length = FIRST_LENGTH;
        for (; table(length) != null; length *= 2) {
            for (int i = 0; i < WINDOW; i++) {
                int slot = length | (hash + i) & (length - 1);
                long state = state(slot);
                if (count(state) > 0 && client(slot) == client) {
                    return countAt(slot, state, most);
                }
                if (count(state) == 0 && free == NONE) {
                    free = slot;
                }
            }
        }
        if (free == NONE) {
            tables.compareAndSet(index(length), null, newTable(length));
            return RETRY;
        }
        return claim(free, client, newestBefore);
    }

    /** Counts one more in a slot that had the client when it had this state. */
    private int countAt(int slot, long state, int most) {
        if (count(state) >= most) {
            return state(slot) == state ? NONE : RETRY;
        }
        return replace(slot, state, state + 1) ? slot : RETRY;
    }

    private int claim(int slot, long client, long newestBefore) {
        long free = state(slot);
        int changes = changes(free) + 1;
        if (count(free) != 0 || !replace(slot, free, word(changes, CLAIMED))) {
            return RETRY;
        }
        tableOf(slot).set(stateIn(slot) + 1, client);
        long claim = word(slot, changes);
        if (!newest.compareAndSet(newestBefore, claim)) {
            tableOf(slot).set(stateIn(slot), word(changes, 0));
            return RETRY;
        }
        settle(claim);
        return slot;
    }

    /** Has a claim that has taken effect count its first connection, unless that is done. */
    private void settle(long claim) {
        int slot = (int) (claim >>> 32);
        int changes = (int) claim;
        long claimed = word(changes, CLAIMED);
        // A compare-and-set takes the cache line from other workers even if it fails.
        if (state(slot) == claimed) {
            replace(slot, claimed, word(changes, 1));
        }
    }

    private long state(int slot) {
        return tableOf(slot).get(stateIn(slot));
    }

    private long client(int slot) {
        return tableOf(slot).get(stateIn(slot) + 1);
    }

    private boolean replace(int slot, long state, long next) {
        return tableOf(slot).compareAndSet(stateIn(slot), state, next);
    }

    private AtomicLongArray tableOf(int slot) {
        return table(Integer.highestOneBit(slot));
    }

    /** The table of that length; null if it is not there yet. */
    private AtomicLongArray table(int length) {
        return tables.get(index(length));
    }

    private static int stateIn(int slot) {
        return 2 * (slot ^ Integer.highestOneBit(slot));
    }

    private static int index(int length) {
        return Integer.numberOfTrailingZeros(length / FIRST_LENGTH);
    }

    private static AtomicLongArray newTable(int length) {
        return new AtomicLongArray(2 * length);
    }

    private static long word(int high, int low) {
        return (long) high << 32 | low & 0xffff_ffffL;
    }

    private static int changes(long state) {
        return (int) (state >>> 32);
    }

    private static int count(long state) {
        return (int) state;
    }
}
