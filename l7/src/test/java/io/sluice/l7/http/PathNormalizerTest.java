package io.sluice.l7.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathNormalizerTest {

    private final PathNormalizer merging = new PathNormalizer(true);
    private final PathNormalizer keeping = new PathNormalizer(false);

    private static String normalize(PathNormalizer normalizer, String path) {
        byte[] source = Pieces.bytes("<" + path + ">");
        byte[] target = new byte[path.length() + 1];
        int length = normalizer.normalize(source, 1, path.length(), target);
        assertEquals("<" + path + ">", Pieces.text(source, 0, source.length), "the path was changed");
        assertEquals(0, target[target.length - 1], "written behind the target");
        return switch (length) {
            case PathNormalizer.ALREADY_NORMAL -> {
                assertArrayEquals(new byte[target.length], target, "written although normal");
                yield "as is";
            }
            case PathNormalizer.REFUSED -> normalizer.error().name();
            default -> Pieces.text(target, 0, length);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/", "/a", "/a/", "/a/b.c", "/.well-known/x", "/..a", "/a/...", "/a.", "/a..", "/a/..;x", "/%2F", "/%5C",
        "/a%20b",
        "/%25", "/%C3%A9", "/a;b=c", "/~x_-.", "/%0D%0A"})
    void leavesANormalPathAsItIs(String path) {
        assertEquals("as is", normalize(merging, path));
        assertEquals("as is", normalize(keeping, path));
    }

    @ParameterizedTest
    @CsvSource({
        "/., /", "/./, /", "/a/., /a/", "/a/./b, /a/b", "/a/.., /", "/a/../, /", "/a/../b, /b", "/a/b/../../c, /c",
        "/a/b/.., /a/", "/a/..b/../c, /a/c", "/%2e/a, /a", "/a/%2E%2e/b, /b", "/a/.%2e, /", "/%7Euser, /~user",
        "/%41%5f, /A_", "/%2f, /%2F", "/a%2fb%5c, /a%2Fb%5C", "/%c3%a9, /%C3%A9", "/%2541, as is", "/%25%34%31, /%2541",
        "/a/..%2f.., /a/..%2F..", "/%9a/%a9, /%9A/%A9", "/%61./.b/.c./..., /a./.b/.c./...", "/a/../%7e/./%2f, /~/%2F"})
    void bringsAPathIntoNormalForm(String path, String normal) {
        assertEquals(normal, normalize(merging, path));
        assertEquals(normal, normalize(keeping, path));
    }

    @ParameterizedTest
    @CsvSource({
        "//, /, as is", "//a, /a, as is", "/a//b, /a/b, as is", "/a//, /a/, as is", "/a///b//, /a/b/, as is",
        "/a//../b, /b, /a/b", "//a/.., /, //", "/.//a, /a, //a", "/a/..//b, /b, //b"})
    void mergesSlashesIfToldTo(String path, String merged, String kept) {
        assertEquals(merged, normalize(merging, path));
        assertEquals(kept, normalize(keeping, path));
    }

    @ParameterizedTest
    @CsvSource({
        "/.., PATH_ABOVE_ROOT", "/../a, PATH_ABOVE_ROOT", "/a/../.., PATH_ABOVE_ROOT", "/a/../../b, PATH_ABOVE_ROOT",
        "/%2e%2e/, PATH_ABOVE_ROOT", "/%00, ENCODED_NUL", "/a/../%00, ENCODED_NUL", "/%, BAD_PERCENT_ENCODING",
        "/%4, BAD_PERCENT_ENCODING", "/%zz, BAD_PERCENT_ENCODING", "/%4g, BAD_PERCENT_ENCODING",
        "/%/41, BAD_PERCENT_ENCODING",
        "/%4/1, BAD_PERCENT_ENCODING", "/%u0041, BAD_PERCENT_ENCODING"})
    void refusesAPathThatNamesNoResource(String path, String error) {
        assertEquals(error, normalize(merging, path));
        assertEquals(error, normalize(keeping, path));
    }

    @ParameterizedTest
    @CsvSource({"/ab/%00, 4", "/ab%zz/c, 3", "/../x, 1", "/a/../../x, 6"})
    void tellsWhatIsAtFault(String path, int position) {
        byte[] bytes = Pieces.bytes(path);
        int outcome = merging.normalize(bytes, 0, bytes.length, new byte[bytes.length]);
        assertEquals(PathNormalizer.REFUSED, outcome);
        assertEquals(position, merging.faultPosition());
    }

    @Test
    void writesInPlace() {
        byte[] path = Pieces.bytes("/a/%7e/../b//c");
        int length = merging.normalize(path, 0, path.length, path);
        assertEquals("/a/b/c", Pieces.text(path, 0, length));
    }

    @Test
    void givesANormalPathWhateverItIsGiven() {
        Random random = new Random(3986);
        String parts = "//..%%22ee7EFf05cCaZ;";
        for (int i = 0; i < 200_000; i++) {
            StringBuilder path = new StringBuilder("/");
            for (int n = random.nextInt(12); n > 0; n--) {
                path.append(parts.charAt(random.nextInt(parts.length())));
            }
            for (PathNormalizer normalizer : new PathNormalizer[] {merging, keeping}) {
                String normal = normalize(normalizer, path.toString());
                if (normal.startsWith("/")) {
                    assertEquals("as is", normalize(normalizer, normal), () -> "normal form of " + path);
                    assertTrue(normal.length() <= path.length());
                }
            }
        }
    }
}
