package io.sluice.core.net;

/** Takes over accepted sockets. Called on the acceptor's event loop. */
public interface AcceptHandler {

    /** A client has connected; the socket is non-blocking, and its slot of the {@link ConnectionLimit} is taken. */
    void onAccepted(TcpSocket socket);

    /** The {@link ConnectionLimit} has been reached: new clients wait in the kernel's queue. */
    void onLimit();

    /** Accepting has failed, and not because of one client: most likely the process is out of file descriptors. */
    void onAcceptFailed(String reason);
}
