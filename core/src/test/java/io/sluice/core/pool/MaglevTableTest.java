package io.sluice.core.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaglevTableTest {

    /** Worked out apart from this code. It may never change: hosts of two releases must agree. */
    @Test
    void staysTheSameOnAllHostsAndInAllReleases() {
        MaglevTable table = new MaglevTable(new String[] {"db1", "db2", "db3"}, new int[] {2, 1, 1});
        StringBuilder servers = new StringBuilder();
        for (int slot = 0; slot < MaglevTable.SLOTS; slot++) {
            servers.append(table.serverAt(slot) + 1);
        }
        assertEquals("2112323331223131213122313323131313131223", servers.substring(0, 40));
        CRC32 checksum = new CRC32();
        checksum.update(servers.toString().getBytes(StandardCharsets.US_ASCII));
        assertEquals(0xbcb7573fL, checksum.getValue());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 100, 1000, 4096})
    void givesEqualServersTheSameNumberOfSlotsToLessThanOne(int servers) {
        for (int slots : slots(new MaglevTable(names(servers), Servers.equalWeights(servers)), servers)) {
            assertTrue(slots == MaglevTable.SLOTS / servers || slots == MaglevTable.SLOTS / servers + 1,
                    slots + " slots of one of " + servers);
        }
    }

    @Test
    void givesSlotsByWeight() {
        int[] weights = {1, 2, 5, 100, 256};
        int[] slots = slots(new MaglevTable(names(5), weights), 5);
        int sum = IntStream.of(weights).sum();
        for (int i = 0; i < weights.length; i++) {
            assertEquals((double) MaglevTable.SLOTS * weights[i] / sum, slots[i], 1.0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10, 100})
    void movesFewSlotsOfTheOthersWhenAServerGoes(int servers) {
        String[] names = names(servers);
        MaglevTable before = new MaglevTable(names, Servers.equalWeights(servers));
        String[] remaining = Arrays.copyOf(names, servers - 1);
        MaglevTable after = new MaglevTable(remaining, Servers.equalWeights(servers - 1));
        int moved = 0;
        for (int slot = 0; slot < MaglevTable.SLOTS; slot++) {
            if (before.serverAt(slot) < servers - 1 && before.serverAt(slot) != after.serverAt(slot)) {
                moved++;
            }
        }
        assertTrue(moved < MaglevTable.SLOTS / 100, moved + " moved");
    }

    @Test
    void doesNotDependOnTheOrderOfTheServers() {
        MaglevTable table = new MaglevTable(new String[] {"a", "b", "c"}, new int[] {1, 2, 3});
        MaglevTable turned = new MaglevTable(new String[] {"c", "a", "b"}, new int[] {3, 1, 2});
        int[] turnedFrom = {1, 2, 0};
        for (int slot = 0; slot < MaglevTable.SLOTS; slot++) {
            assertEquals(turnedFrom[table.serverAt(slot)], turned.serverAt(slot));
        }
    }

    @Test
    void spreadsHashesOverAllSlots() {
        assertEquals(0, MaglevTable.slotOf(0));
        assertEquals(MaglevTable.SLOTS / 2, MaglevTable.slotOf(Long.MIN_VALUE));
        assertEquals(MaglevTable.SLOTS - 1, MaglevTable.slotOf(-1));
        assertEquals(0, MaglevTable.slotAfter(MaglevTable.SLOTS - 1));
    }

    private static int[] slots(MaglevTable table, int servers) {
        int[] slots = new int[servers];
        for (int slot = 0; slot < MaglevTable.SLOTS; slot++) {
            slots[table.serverAt(slot)]++;
        }
        return slots;
    }

    private static String[] names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "server-" + i).toArray(String[]::new);
    }
}
