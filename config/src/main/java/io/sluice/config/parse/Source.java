package io.sluice.config.parse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The text of a configuration, and how its errors quote it. Immutable.
 *
 * @param name          the file's name, as the operator gave it
 * @param text          without a byte order mark
 * @param lines         of the text, in YAML's sense of a line
 * @param baseDirectory relative paths in the configuration start here
 */
record Source(String name, String text, List<String> lines, Path baseDirectory) {

    static final int MAX_BYTES = 16 * 1024 * 1024;

    /** Bounds a line, since the YAML library takes quadratic time for a long word or comment. */
    private static final int MAX_LINE_LENGTH = 256 * 1024;

    private static final Pattern LINE_BREAK = Pattern.compile("\r\n|\n|\r");
    private static final Pattern INLINE_PASSWORD =
            Pattern.compile("(?<=\\b(?:password|secret|token)[\"']?:\\s{1,8})(?:\"[^\"]*\"|'[^']*'|[^,}\\s#]+)");
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    static Source of(String name, String text, Path baseDirectory) throws ConfigException {
        if (text.length() > MAX_BYTES) {
            throw unreadable(name, "the configuration is larger than 16 MiB");
        }
        String content = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        Source source = new Source(name, content, List.of(LINE_BREAK.split(content, -1)), baseDirectory);
        for (int i = 0; i < source.lines.size(); i++) {
            if (source.lines.get(i).length() > MAX_LINE_LENGTH) {
                throw new ConfigException(List.of(
                        new ConfigError(name, i + 1, 1, "the line is longer than 256 KiB", Optional.empty(), "")));
            }
        }
        return source;
    }

    static Source read(Path file) throws ConfigException {
        String name = file.toString();
        Path baseDirectory = file.toAbsolutePath().getParent();
        if (baseDirectory == null || Files.isDirectory(file)) {
            throw unreadable(name, "is a directory, not a file");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw unreadable(name, "no such file");
        } catch (AccessDeniedException e) {
            throw unreadable(name, "permission denied");
        } catch (FileSystemException e) {
            throw unreadable(name, "cannot be read: " + e.getReason());
        } catch (IOException e) {
            throw unreadable(name, "cannot be read: " + e.getMessage());
        }
        if (bytes.length > MAX_BYTES) {
            throw unreadable(name, "the configuration is larger than 16 MiB");
        }
        return of(name, decode(name, bytes, baseDirectory), baseDirectory);
    }

    private static String decode(String name, byte[] bytes, Path baseDirectory) throws ConfigException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer decoded = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), decoded, true);
        String text = decoded.flip().toString();
        if (result.isError()) {
            Source good = of(name, text, baseDirectory);
            throw new ConfigException(List.of(good.errorAtEnd("not UTF-8 text from here on")));
        }
        return text;
    }

    private static ConfigException unreadable(String name, String message) {
        return new ConfigException(List.of(new ConfigError(name, 0, 0, message, Optional.empty(), "")));
    }

    /** Line and column count from 0 here, as the YAML library does. */
    ConfigError error(int line, int column, String message, Optional<String> suggestion) {
        String sourceLine = line < lines.size() ? withoutPasswords(lines.get(line)) : "";
        return new ConfigError(name, line + 1, column + 1, message, suggestion, sourceLine);
    }

    /** Hides passwords in a line, although they should not be in the file: errors are printed and logged. */
    private static String withoutPasswords(String line) {
        return INLINE_PASSWORD.matcher(line).replaceAll(found -> "*".repeat(found.group().length()));
    }

    /** An error at the character with that index, in code points from the start of the text. */
    ConfigError errorAt(int index, String message) {
        int end = text.offsetByCodePoints(0, Math.min(index, text.codePointCount(0, text.length())));
        String[] before = LINE_BREAK.split(text.substring(0, end), -1);
        String last = before[before.length - 1];
        return error(before.length - 1, last.codePointCount(0, last.length()), message, Optional.empty());
    }

    private ConfigError errorAtEnd(String message) {
        return errorAt(text.length(), message);
    }
}
