package io.sluice.config.parse;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiPredicate;

/** Finds the known word that a mistyped word most likely stands for. */
final class Nearest {

    private static final int MAX_LENGTH = 64;

    private Nearest() { }

    /** A hint that names the known word that was meant or, if none is likely, all of them. */
    static String hint(String word, Collection<String> known) {
        return PeerWords.hint(word, known).orElseGet(() -> hintByLetters(word, known));
    }

    /** As {@code hint}, for names that users made, to which words of peers do not lead. */
    static String hintByLetters(String word, Collection<String> known) {
        return nearest(word, known).map(Nearest::didYouMean)
                .orElseGet(() -> knownHere(known));
    }

    static String knownHere(Collection<String> known) {
        return "known here: " + String.join(", ", known);
    }

    /** A hint that names the known word that was meant, if one is likely. */
    static Optional<String> likely(String word, Collection<String> known) {
        return PeerWords.hint(word, known).or(() -> nearest(word, known).map(Nearest::didYouMean));
    }

    static String didYouMean(String word) {
        return "did you mean \"" + word + "\"?";
    }

    /** A hint that names the known word that differs in a few letters, if there is one. */
    static Optional<String> mistyped(String word, Collection<String> known) {
        return nearest(word, known, Nearest::isMistyped).map(Nearest::didYouMean);
    }

    private static Optional<String> nearest(String word, Collection<String> known) {
        return nearest(word, known, (a, b) -> isMistyped(a, b) || isPart(a, b) || isPart(b, a));
    }

    private static Optional<String> nearest(
            String word, Collection<String> known, BiPredicate<String, String> isNear) {
        if (word.isEmpty() || word.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String normal = normal(word);
        return known.stream()
                .filter(candidate -> isNear.test(normal, normal(candidate)))
                .min(Comparator.comparingInt(candidate -> distance(normal, normal(candidate))));
    }

    /** In lower case, with dashes. */
    static String normal(String word) {
        return word.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static boolean isMistyped(String word, String candidate) {
        return distance(word, candidate) <= Math.max(1, Math.min(word.length(), candidate.length()) / 3);
    }

    private static boolean isPart(String word, String candidate) {
        return word.length() >= 3 && candidate.contains(word);
    }

    /** The least number of insertions, deletions, substitutions and swaps of neighbours between two words. */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : stepCost(a, b, i, j, cost);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int stepCost(String a, String b, int i, int j, int[][] cost) {
        int substitution = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least = Math.min(cost[i - 1][j - 1] + substitution, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
    }
}
