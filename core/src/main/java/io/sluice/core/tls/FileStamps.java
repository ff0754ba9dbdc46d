package io.sluice.core.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** By what a change of files is noticed: how they are at one moment, each empty if it is not there. Immutable. */
public record FileStamps(Map<Path, Optional<Stamp>> stamps) {

    /** @param key changes with a link, too */
    private record Stamp(long modifiedMs, long sizeBytes, Object key) { }

    /** Those of files as they are now. To be taken before these are read, lest a change in between go unnoticed. */
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
