package io.sluice.core.tls.boring;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** An engine whose settings are fixed by its context. Owned by one event loop. */
abstract class FixedEngine extends SSLEngine {

    private static final String FIXED = "the context says so for all of its engines";

    private final BoringContext context;

    FixedEngine(BoringContext context, String host, int port) {
        super(host, port);
        this.context = context;
    }

    final BoringContext context() {
        return context;
    }

    @Override
    public boolean getUseClientMode() {
        return context.isClient();
    }

    /** The parameters by which the peer's certificate is verified. */
    @Override
    public SSLParameters getSSLParameters() {
        SSLParameters parameters = new SSLParameters();
        parameters.setEndpointIdentificationAlgorithm(context.verifiesNames() ? "HTTPS" : null);
        return parameters;
    }

    @Override
    public String getHandshakeApplicationProtocol() {
        return getApplicationProtocol();
    }

    @Override
    public abstract SSLEngineResult wrap(ByteBuffer content, ByteBuffer records) throws SSLException;

    @Override
    public abstract SSLEngineResult unwrap(ByteBuffer records, ByteBuffer content) throws SSLException;

    @Override
    public SSLEngineResult wrap(ByteBuffer[] contents, int offset, int length, ByteBuffer records)
            throws SSLException {
        return wrap(only(contents, offset, length), records);
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer records, ByteBuffer[] contents, int offset, int length)
            throws SSLException {
        return unwrap(records, only(contents, offset, length));
    }

    private static ByteBuffer only(ByteBuffer[] buffers, int offset, int length) {
        if (length != 1) {
            throw new UnsupportedOperationException("one buffer at a time");
        }
        return buffers[offset];
    }

    /** None, as all work is done within the calls. */
    @Override
    public Runnable getDelegatedTask() {
        return null;
    }

    @Override
    public void setUseClientMode(boolean client) {
        if (client != getUseClientMode()) {
            throw new IllegalArgumentException(FIXED);
        }
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return new String[0];
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return new String[0];
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        throw new UnsupportedOperationException(FIXED);
    }

    @Override
    public String[] getSupportedProtocols() {
        return new String[0];
    }

    @Override
    public String[] getEnabledProtocols() {
        return new String[0];
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        throw new UnsupportedOperationException(FIXED);
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        throw new UnsupportedOperationException(FIXED);
    }

    @Override
    public boolean getNeedClientAuth() {
        return false;
    }

    @Override
    public void setWantClientAuth(boolean want) {
        throw new UnsupportedOperationException(FIXED);
    }

    @Override
    public boolean getWantClientAuth() {
        return false;
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {
        throw new UnsupportedOperationException(FIXED);
    }

    @Override
    public boolean getEnableSessionCreation() {
        return true;
    }
}
