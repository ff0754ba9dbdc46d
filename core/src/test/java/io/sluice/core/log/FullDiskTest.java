package io.sluice.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** While a disk is full records wait, as many as there is room for, and go to the file as soon as it takes them. */
class FullDiskTest {

    @TempDir
    private Path folder;
    private Path file;
    private LogTarget<SessionRecord> target;
    private LogRing<SessionRecord> ring;

    @BeforeEach
    void openOnAFullDisk() throws IOException {
        file = folder.resolve("sessions.log");
        Files.createSymbolicLink(file, Path.of("/dev/full"));
        target = new LogTarget<>(Optional.of(file), new SessionTextFormat(), SessionRecord::new, new LogWriter());
        ring = target.addRing();
    }

    @Test
    void losesNothingWhenTheFileIsReplacedByOneThatTakesIt() throws IOException {
        publish(1);
        assertTrue(target.drain());
        assertTrue(target.isFailing());
        publish(2);
        assertFalse(target.drain(), "nothing goes on before the first is written");
        Files.delete(file);
        target.reopen();
        target.drain();
        assertFalse(target.isFailing());
        target.close();
        assertEquals(List.of(1, 2), LogWriterTest.retriesIn(file));
    }

    @Test
    void leavesRecordsInTheirRingUntilThereIsNoRoomForMore() {
        for (int i = 0; i < 10_000; i++) {
            SessionRecord record = ring.claim();
            if (record != null) {
                ring.publish(Records.numbered(record, i));
            }
            target.drain();
        }
        assertNull(ring.claim(), "the worker counts this one");
    }

    @Test
    void writesTheRestOfALineAfterThePartThatWasTaken() throws IOException {
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        PendingLines lines = new PendingLines();
        lines.writeBytes("one\ntwo\n".getBytes(StandardCharsets.US_ASCII));
        assertThrows(IOException.class, () -> lines.writeTo(new Room(taken, 6)));
        lines.writeBytes("three\n".getBytes(StandardCharsets.US_ASCII));
        lines.writeTo(new Room(taken, 100));
        assertEquals("one\ntwo\nthree\n", taken.toString(StandardCharsets.US_ASCII));
        assertEquals(0, lines.size());
    }

    @Test
    void writesALineAsAWholeToAnotherTargetThatTheFirstOneHasTakenInPart() throws IOException {
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        ByteArrayOutputStream second = new ByteArrayOutputStream();
        PendingLines lines = new PendingLines();
        lines.writeBytes("one\ntwo\n".getBytes(StandardCharsets.US_ASCII));
        assertThrows(IOException.class, () -> lines.writeTo(new Room(first, 5)));
        assertThrows(IOException.class, () -> lines.writeTo(new Room(first, 1)));
        lines.restartLine();
        lines.writeTo(new Room(second, 100));
        assertEquals("one\ntw", first.toString(StandardCharsets.US_ASCII));
        assertEquals("two\n", second.toString(StandardCharsets.US_ASCII));
    }

    private void publish(int number) {
        ring.publish(Records.numbered(ring.claim(), number));
    }

    /** A disk with room for so many bytes. */
    private static final class Room implements WritableByteChannel {

        private final ByteArrayOutputStream taken;
        private int left;

        Room(ByteArrayOutputStream taken, int left) {
            this.taken = taken;
            this.left = left;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            if (left == 0) {
                throw new IOException("No space left on device");
            }
            int length = Math.min(left, bytes.remaining());
            for (int i = 0; i < length; i++) {
                taken.write(bytes.get());
            }
            left -= length;
            return length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() { }
    }
}
