package io.sluice.core.tls;

import io.sluice.config.CertificateConfig;
import io.sluice.config.CipherSuite;
import io.sluice.config.ServerTlsConfig;
import io.sluice.config.ServerTlsConfig.ClientAuth;
import io.sluice.config.ServerTlsConfig.Sessions;
import io.sluice.config.ServerTlsConfig.UnknownSni;
import io.sluice.config.SluiceConfig;
import io.sluice.config.TlsVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings of a listener for tests; each test changes what it is about. Owned by one thread. */
final class ServerTlsFixture {

    String name = "test";
    List<CertificateConfig> certificates;
    TlsVersion minVersion = TlsVersion.TLS_1_2;
    List<CipherSuite> ciphers = CipherSuite.INTERMEDIATE;
    List<String> alpn = List.of();
    UnknownSni unknownSni = UnknownSni.DEFAULT;
    Optional<ClientAuth> clientAuth = Optional.empty();
    boolean tickets = true;
    Optional<Path> ticketKeyFile = Optional.empty();

    ServerTlsFixture(CertificateConfig... certificates) {
        this.certificates = List.of(certificates);
    }

    ServerTls start(TlsLibrary library) throws Exception {
        return new ServerTls(name, new ServerTlsConfig(certificates, minVersion, ciphers, alpn, unknownSni,
                clientAuth, new Sessions(100, tickets, Duration.ofHours(1), ticketKeyFile), Duration.ofSeconds(5),
                SluiceConfig.UNLIMITED), library);
    }
}
