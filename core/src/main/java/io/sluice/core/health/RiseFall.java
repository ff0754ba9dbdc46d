package io.sluice.core.health;

/**
 * How many good or bad checks in a row it takes to believe in a change; the very first check is believed at once.
 * Semantics as HAProxy's {@code rise} and {@code fall}. Owned by one thread.
 */
final class RiseFall {

    /** What a check's outcome has changed. */
    enum Verdict { UNCHANGED, UP, DOWN }

    private final int rise;
    private final int fall;
    private boolean known;
    private boolean up;
    /** Checks in a row that contradict the present state. */
    private int contradicting;

    RiseFall(int rise, int fall) {
        this.rise = rise;
        this.fall = fall;
    }

    /** Starts from a state that was known before the first check. */
    void assume(boolean believedUp) {
        known = true;
        up = believedUp;
    }

    Verdict onCheck(boolean good) {
        if (known && good == up) {
            contradicting = 0;
            return Verdict.UNCHANGED;
        }
        contradicting++;
        if (known && contradicting < (up ? fall : rise)) {
            return Verdict.UNCHANGED;
        }
        known = true;
        up = good;
        contradicting = 0;
        return good ? Verdict.UP : Verdict.DOWN;
    }

    boolean isUp() {
        return up;
    }

    /** Whether the last check has contradicted the present state without changing it yet. */
    boolean isInBetween() {
        return contradicting > 0;
    }
}
