package io.sluice.core.log;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says to operators why a file could not be used. */
public final class FileFailure {

    private FileFailure() { }

    /** The reason with the file that it is about, which need not be the one that was asked for. */
    public static String reasonWithFile(IOException failure) {
        return failure instanceof FileSystemException named && named.getFile() != null
                ? reason(failure) + ": " + named.getFile() : reason(failure);
    }

    /** The reason, such as {@code permission denied}, without the file's name. */
    public static String reason(IOException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "no such file or directory";
            case AccessDeniedException _ -> "permission denied";
            case DirectoryNotEmptyException _ -> "a directory that is not empty is in its place";
            case FileSystemException other -> other.getReason() == null ? failure.toString() : other.getReason();
            default -> failure.getMessage() == null ? failure.toString() : failure.getMessage();
        };
    }
}
