package io.sluice.core.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The state of files at one moment, by which changes are noticed; empty for a file that does not exist. Immutable. */
public record FileStamps(Map<Path, Optional<Stamp>> stamps) {

    /** @param key the file key, which changes with a symbolic link's target, too */
    private record Stamp(long modifiedMs, long sizeBytes, Object key) { }

    /** The stamps of files now. To be taken before the files are read, so that no change in between goes unnoticed. */
    public static FileStamps of(Collection<Path> files) {
        Map<Path, Optional<Stamp>> stamps = new HashMap<>();
        for (Path file : files) {
            stamps.put(file, stamp(file));
        }
        return new FileStamps(stamps);
    }

    private static Optional<Stamp> stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(new Stamp(attributes.lastModifiedTime().toMillis(), attributes.size(),
                    attributes.fileKey()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
