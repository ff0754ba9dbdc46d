/**
 * The HTTP proxy: one exchange after the other, from client to server and back. Each class holds those to its right:
 *
 * <pre>
 *   HttpSession ── ClientConnection ── Exchange ─┬─ RequestTransfer ──┬─ MessageFlow ─┬─ MessageComposer
 *                                                ├─ ResponseTransfer ─┘               └─ Output
 *                                                ├─ Forwarding ─┬─ ServerLease ── ServerConnection
 *                                                │              └─ FailurePolicy
 *                                                ├─ Tunnel
 *                                                └─ Journal
 * </pre>
 *
 * <p>Calls to the right say what the client wants, or what has happened on its connection. Calls back to the left say
 * what came of it, or what has happened on the server's connection; they may come before the call to the right returns.
 * So a method that makes such a call does nothing more afterwards, or asks for the state again.
 *
 * <p>What sessions and exchanges share is in {@link io.sluice.l7.proxy.HttpService} (of a listener on one worker),
 * {@link io.sluice.l7.proxy.HttpRules} (of a listener) and {@link io.sluice.l7.proxy.HttpPool} (of a pool on one
 * worker). Exchanges are used again, with all to their right but the server's connection and the tunnel.
 */
package io.sluice.l7.proxy;
