package io.sluice.core.tls;

import io.sluice.config.CertificateConfig;
import io.sluice.config.CertificateConfig.Directory;
import io.sluice.config.CertificateConfig.Pair;
import io.sluice.config.pem.Identity;
import io.sluice.config.pem.PemException;
import io.sluice.config.pem.RevocationList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Uses certificates from files, and can reload them. For one thread of the control plane at a time. */
public interface CertificateUser {

    /** Such as {@code listener shop}. */
    String owner();

    /** All files that certificates, keys and trust come from at this moment, with those of directories. */
    List<Path> files();

    /** The files' stamps, taken right before they were last read, whether or not they could be used. */
    FileStamps lastRead();

    /** The certificates shown to peers. */
    List<Identity> identities();

    /** The lists of revoked certificates by which peers are refused. */
    default List<RevocationList> revocations() {
        return List.of();
    }

    /** Reads the files again, and takes up all of them or none. Established connections go on. */
    void reload() throws PemException, GeneralSecurityException;

    /** Does what is due by time, such as key rotation. To be called every few seconds. */
    default void onTime(Instant now) throws PemException, GeneralSecurityException { }

    /** The files behind an entry of the configuration. */
    static List<Path> filesOf(CertificateConfig certificate) {
        return switch (certificate) {
            case Pair pair -> {
                List<Path> files = new ArrayList<>(List.of(pair.chain(), pair.key()));
                pair.passwordFile().ifPresent(files::add);
                yield files;
            }
            case Directory directory -> {
                try (Stream<Path> files = Files.list(directory.directory())) {
                    yield files.sorted().toList();
                } catch (IOException e) {
                    // Counts as empty, which is a change, too.
                    yield List.of();
                }
            }
        };
    }
}
