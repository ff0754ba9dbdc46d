package io.sluice.core.relay;

import io.sluice.core.log.Termination;

/** Told when a relay is over. Called on the relay's event loop. */
public interface RelayOwner {

    /** Both connections are closed. */
    void onRelayEnd(Termination termination);
}
