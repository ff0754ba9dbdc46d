package io.sluice.core.pool;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Consistent hashing by a look-up table (Eisenbud and others, "Maglev", NSDI 2016, section 3.4). Servers get slots in
 * proportion to their weights, to within one slot; a server that comes or goes moves few slots of the others. The table
 * follows from the servers' names and weights alone: every host with the same servers has the same one, whatever their
 * order. A server whose share is less than one slot may have none. Immutable.
 */
final class MaglevTable {

    /** A prime, so that every skip visits all slots. */
    static final int SLOTS = 65537;

    private static final short FREE = -1;

    private final short[] servers = new short[SLOTS];

    /** @param names unique, at most {@link Short#MAX_VALUE} of them */
    MaglevTable(String[] names, int[] weights) {
        Claimant[] claimants = IntStream.range(0, names.length)
                .mapToObj(index -> new Claimant(index, names[index], weights[index]))
                .sorted(Comparator.comparing(claimant -> claimant.name))
                .toArray(Claimant[]::new);
        Arrays.fill(servers, FREE);
        fill(claimants, IntStream.of(weights).max().orElseThrow());
    }

    static int slotOf(long hash) {
        return Hash64.reduce(hash, SLOTS);
    }

    static int slotAfter(int slot) {
        return slot + 1 == SLOTS ? 0 : slot + 1;
    }

    /** The index, among the names given, of the server that owns a slot. */
    int serverAt(int slot) {
        return servers[slot];
    }

    /** The heaviest servers claim one slot in each round, the others less often, in proportion to their weights. */
    private void fill(Claimant[] claimants, int heaviest) {
        int free = SLOTS;
        for (;;) {
            for (Claimant claimant : claimants) {
                if (claimant.isDue(heaviest)) {
                    claimant.claim(servers);
                    if (--free == 0) {
                        return;
                    }
                }
            }
        }
    }

    /** A server that claims slots along its own permutation of them. */
    private static final class Claimant {

        private final String name;
        private final short index;
        private final int weight;
        private final int skip;
        private int slot;
        private int credit;

        Claimant(int index, String name, int weight) {
            this.name = name;
            this.index = (short) index;
            this.weight = weight;
            long hash = Hash64.of(name);
            slot = slotOf(hash);
            skip = 1 + Hash64.reduce(Hash64.mix(hash), SLOTS - 1);
        }

        boolean isDue(int heaviest) {
            credit += weight;
            if (credit < heaviest) {
                return false;
            }
            credit -= heaviest;
            return true;
        }

        void claim(short[] servers) {
            while (servers[slot] != FREE) {
                slot = (slot + skip) % SLOTS;
            }
            servers[slot] = index;
        }
    }
}
