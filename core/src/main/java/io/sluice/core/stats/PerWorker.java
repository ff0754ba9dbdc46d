package io.sluice.core.stats;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToLongBiFunction;

/**
 * One object for each worker, such as its counters of a server. An object is made when its worker first needs it, which
 * many workers never do. Safe from any thread.
 */
public final class PerWorker<T> {

    private final Supplier<T> maker;
    private volatile Object[] slots = {};

    public PerWorker(Supplier<T> maker) {
        this.maker = maker;
    }

    /** The object of one worker; an array access after the first time. @param worker its index */
    @SuppressWarnings("unchecked") // Only what the maker makes gets in here.
    public T of(int worker) {
        Object[] present = slots;
        Object slot = worker < present.length ? present[worker] : null;
        return slot == null ? make(worker) : (T) slot;
    }

    /** Calls {@code action} for every object made so far. */
    @SuppressWarnings("unchecked")
    public void forEach(Consumer<T> action) {
        for (Object slot : slots) {
            if (slot != null) {
                action.accept((T) slot);
            }
        }
    }

    /**
     * Sums up a number over all workers. Allocates nothing.
     *
     * @param number of an object
     * @param which  is passed to {@code number}
     */
    @SuppressWarnings("unchecked")
    public <W> long sum(ToLongBiFunction<? super T, W> number, W which) {
        long sum = 0;
        for (Object slot : slots) {
            if (slot != null) {
                sum += number.applyAsLong((T) slot, which);
            }
        }
        return sum;
    }

    @SuppressWarnings("unchecked")
    private synchronized T make(int worker) {
        if (worker < slots.length && slots[worker] != null) {
            return (T) slots[worker];
        }
        Object[] replacement = Arrays.copyOf(slots, Math.max(slots.length, worker + 1));
        T made = maker.get();
        replacement[worker] = made;
        slots = replacement;
        return made;
    }
}
