package io.sluice.core.loop;

/** Told when a timer expires. Called on the event loop's thread. */
public interface TimerHandler {

    /** The timer's deadline has passed; it is no longer scheduled and may be scheduled again. */
    void onTimer(long nowNs);
}
