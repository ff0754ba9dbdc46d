package io.sluice.core.worker;

import io.sluice.core.log.Termination;
import io.sluice.core.pool.Server;
import java.net.InetSocketAddress;

/** A session of which nothing may be asked but what a test overrides. */
class BareSession extends Session {

    @Override
    public Listener listener() {
        throw new AssertionError();
    }

    @Override
    public InetSocketAddress client() {
        throw new AssertionError();
    }

    @Override
    public String pool() {
        throw new AssertionError();
    }

    @Override
    public String phase() {
        throw new AssertionError();
    }

    @Override
    public Server server() {
        throw new AssertionError();
    }

    @Override
    public void abort(Termination termination) {
        throw new AssertionError();
    }

    @Override
    public void kill() {
        throw new AssertionError();
    }
}
