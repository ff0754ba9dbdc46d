package io.sluice.core.tls;

import io.sluice.config.CertificateConfig;
import io.sluice.config.CertificateConfig.Directory;
import io.sluice.config.CertificateConfig.Pair;
import io.sluice.config.pem.Identity;
import io.sluice.config.pem.PemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Who uses certificates from files, and can take up new ones. For one thread of the control plane at a time. */
public interface CertificateUser {

    /** Such as {@code listener shop}. */
    String owner();

    /** All files that certificates, keys and trust come from at this moment, with those of directories. */
    List<Path> files();

    /** How these were right before they were read last, whether what was read could be used or not. */
    FileStamps lastRead();

    /** What is shown to peers. */
    List<Identity> identities();

    /** Takes the files as they are now, all of them or none. What is established goes on. */
    void reload() throws PemException, GeneralSecurityException;

    /** What is to be done as time goes by. To be called every now and then. */
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
                    // Without a file, which is a change, too.
                    yield List.of();
                }
            }
        };
    }
}
