package io.sluice.core.tls;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiFunction;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

/**
 * An engine of Conscrypt's that reads the ClientHello over its shoulder, so that clients who do not know EC get a
 * certificate of RSA; and that says so when it has no certificate for a client's name, where Conscrypt only knows of an
 * internal error. All else is the engine's own doing.
 *
 * <p>Owned by who owns the engine.
 */
final class ServerEngine extends SSLEngine {

    /** A record's type (RFC 8446, section 5.1). */
    private static final byte ALERT = 21;
    /** An alert in plain text, as all are before the server's first word: a header of 5 bytes, level, description. */
    private static final int ALERT_BYTES = 7;
    /** A description (RFC 6066, section 3). */
    private static final byte UNRECOGNIZED_NAME = 112;

    private final SSLEngine engine;
    private final ServerKeyManager keys;
    private boolean begun;
    /** Whether its next alert is about the client's name. */
    private boolean rejects;

    ServerEngine(SSLEngine engine, ServerKeyManager keys) {
        this.engine = engine;
        this.keys = keys;
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer src, ByteBuffer dst) throws SSLException {
        if (begun) {
            return engine.unwrap(src, dst);
        }
        keys.expect(OfferedKeys.in(src));
        try {
            return noted(engine.unwrap(src, dst));
        } finally {
            rejects |= keys.forget();
        }
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer src, ByteBuffer[] dsts, int offset, int length) throws SSLException {
        if (begun) {
            return engine.unwrap(src, dsts, offset, length);
        }
        keys.expect(OfferedKeys.in(src));
        try {
            return noted(engine.unwrap(src, dsts, offset, length));
        } finally {
            rejects |= keys.forget();
        }
    }

    /** As long as it wants more, it has not seen the whole ClientHello, which may come in several records. */
    private SSLEngineResult noted(SSLEngineResult result) {
        begun = result.getHandshakeStatus() != HandshakeStatus.NEED_UNWRAP;
        return result;
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer src, ByteBuffer dst) throws SSLException {
        int start = dst.position();
        return corrected(engine.wrap(src, dst), dst, start);
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] srcs, int offset, int length, ByteBuffer dst) throws SSLException {
        int start = dst.position();
        return corrected(engine.wrap(srcs, offset, length, dst), dst, start);
    }

    private SSLEngineResult corrected(SSLEngineResult result, ByteBuffer dst, int start) {
        if (rejects && result.bytesProduced() == ALERT_BYTES && dst.get(start) == ALERT) {
            dst.put(start + ALERT_BYTES - 1, UNRECOGNIZED_NAME);
            rejects = false;
        }
        return result;
    }

    @Override
    public Runnable getDelegatedTask() {
        return engine.getDelegatedTask();
    }

    @Override
    public void closeInbound() throws SSLException {
        engine.closeInbound();
    }

    @Override
    public boolean isInboundDone() {
        return engine.isInboundDone();
    }

    @Override
    public void closeOutbound() {
        engine.closeOutbound();
    }

    @Override
    public boolean isOutboundDone() {
        return engine.isOutboundDone();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return engine.getSupportedCipherSuites();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return engine.getEnabledCipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        engine.setEnabledCipherSuites(suites);
    }

    @Override
    public String[] getSupportedProtocols() {
        return engine.getSupportedProtocols();
    }

    @Override
    public String[] getEnabledProtocols() {
        return engine.getEnabledProtocols();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        engine.setEnabledProtocols(protocols);
    }

    @Override
    public SSLSession getSession() {
        return engine.getSession();
    }

    @Override
    public SSLSession getHandshakeSession() {
        return engine.getHandshakeSession();
    }

    @Override
    public void beginHandshake() throws SSLException {
        engine.beginHandshake();
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        return engine.getHandshakeStatus();
    }

    @Override
    public void setUseClientMode(boolean mode) {
        engine.setUseClientMode(mode);
    }

    @Override
    public boolean getUseClientMode() {
        return engine.getUseClientMode();
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        engine.setNeedClientAuth(need);
    }

    @Override
    public boolean getNeedClientAuth() {
        return engine.getNeedClientAuth();
    }

    @Override
    public void setWantClientAuth(boolean want) {
        engine.setWantClientAuth(want);
    }

    @Override
    public boolean getWantClientAuth() {
        return engine.getWantClientAuth();
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {
        engine.setEnableSessionCreation(flag);
    }

    @Override
    public boolean getEnableSessionCreation() {
        return engine.getEnableSessionCreation();
    }

    @Override
    public SSLParameters getSSLParameters() {
        return engine.getSSLParameters();
    }

    @Override
    public void setSSLParameters(SSLParameters parameters) {
        engine.setSSLParameters(parameters);
    }

    @Override
    public String getApplicationProtocol() {
        return engine.getApplicationProtocol();
    }

    @Override
    public String getHandshakeApplicationProtocol() {
        return engine.getHandshakeApplicationProtocol();
    }

    @Override
    public void setHandshakeApplicationProtocolSelector(BiFunction<SSLEngine, List<String>, String> selector) {
        engine.setHandshakeApplicationProtocolSelector(selector);
    }

    @Override
    public BiFunction<SSLEngine, List<String>, String> getHandshakeApplicationProtocolSelector() {
        return engine.getHandshakeApplicationProtocolSelector();
    }
}
