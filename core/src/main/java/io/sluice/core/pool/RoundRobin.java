package io.sluice.core.pool;

/**
 * Picks servers in turn, as often as their weights say, spread out evenly ({@link SmoothSequence}). One cursor serves
 * all workers, so that every run through the sequence is exact whichever workers take part. Safe from any thread.
 */
final class RoundRobin implements Balancer {

    private final Candidates candidates;
    private final short[] sequence;
    private final Cursor cursor;
    private final Cursor scanStart;

    RoundRobin(Candidates candidates) {
        this.candidates = candidates;
        sequence = SmoothSequence.of(candidates.weights());
        cursor = new Cursor(sequence.length);
        scanStart = new Cursor(candidates.count());
    }

    @Override
    public Server pick(long hash, TriedServers tried) {
        for (int step = 0; step < candidates.count(); step++) {
            int index = sequence[cursor.next()];
            if (candidates.tryTake(index, tried)) {
                return candidates.servers()[index];
            }
        }
        // A full server of great weight can use up all these steps: then the others take turns in its place.
        return candidates.takeAnyFrom(scanStart.next(), tried);
    }
}
