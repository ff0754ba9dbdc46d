package io.sluice.l4.database;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.HostAddress;
import org.mariadb.jdbc.export.ExceptionFactory;
import org.mariadb.jdbc.plugin.TlsSocketPlugin;

/** Gives MariaDB Connector/J its TLS from the {@link Dialer}. Public only because the driver loads it as a service. */
public final class MySqlTls implements TlsSocketPlugin {

    static final String TYPE = "sluice";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public SSLSocket createSocket(Socket plain, SSLSocketFactory unused) throws IOException {
        return Dialer.CURRENT.get().secure(plain);
    }

    @Override
    public TrustManager[] getTrustManager(Configuration config, ExceptionFactory exceptions, HostAddress address) {
        return new TrustManager[0];
    }

    @Override
    public KeyManager[] getKeyManager(Configuration config, ExceptionFactory exceptions) {
        return new KeyManager[0];
    }

    /** Does nothing: the socket has verified the server already, if that is configured. */
    @Override
    public void verify(String host, SSLSession session, long serverThreadId) { }
}
