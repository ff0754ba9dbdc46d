package io.sluice.launcher;

import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts the name of a file. An empty one, as a script's unset variable gives, would be the working directory. */
final class FileName implements ITypeConverter<Path> {

    @Override
    public Path convert(String text) {
        if (text.isEmpty()) {
            throw new TypeConversionException("it is empty");
        }
        return Path.of(text);
    }
}
