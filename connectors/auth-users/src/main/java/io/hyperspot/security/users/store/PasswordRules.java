// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.users.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which passwords are taken: long ones of any characters, that are not made of what everybody tries first. */
final class PasswordRules {
    static final int SHORTEST = 12;
    static final int LONGEST = 128;
    private static final int FEWEST_DIFFERENT = 5;
    private static final int LEAST_OF_ONES_OWN = 4;

    /** The longest first: a word is taken out before one that it contains. */
    private final List<String> words;

    PasswordRules() {
        try (InputStream in = PasswordRules.class.getResourceAsStream("common-words.txt")) {
            if (in == null) {
                throw new IllegalStateException("the list of common words is not in the bundle");
            }
            words = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(word -> !word.isBlank())
                    .sorted(Comparator.comparingInt(String::length).reversed())
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException("the list of common words cannot be read", e);
        }
    }

    /** What is wrong with a password, for the person who chose it; null: nothing. */
    @Nullable String wrong(char[] password, String name) {
        String text = new String(password);
        int length = text.codePointCount(0, text.length());
        if (length < SHORTEST || length > LONGEST) {
            return "a password has " + SHORTEST + " to " + LONGEST + " characters";
        }
        if (!isWellFormed(text)
                || text.codePoints().anyMatch(c -> Character.isISOControl(c) || !Character.isDefined(c))) {
            return "a password has no control characters";
        }
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.codePoints().distinct().count() < FEWEST_DIFFERENT) {
            return "this password has too few different characters";
        }
        String left = lower;
        String own = name.toLowerCase(Locale.ROOT);
        for (String part : own.split("[^\\p{L}\\p{N}]+")) {
            left = part.length() < 3 ? left : left.replace(part, "");
        }
        for (String word : words) {
            left = left.replace(word, "");
        }
        left = left.replaceAll("[^\\p{L}]", "");
        boolean onlyCommon = lower.codePoints().anyMatch(Character::isLetter) ? left.codePoints().distinct().count() < LEAST_OF_ONES_OWN : isSequence(lower);
        return onlyCommon ? "this password is made of what is tried first: the name, common words, sequences" : null;
    }

    private static boolean isWellFormed(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** Digits that count up or down, for most of it. */
    private static boolean isSequence(String text) {
        int steps = 0;
        for (int i = 1; i < text.length(); i++) {
            int step = Math.abs(text.charAt(i) - text.charAt(i - 1));
            steps += step <= 1 || step == 9 ? 1 : 0;
        }
        return steps > text.length() / 2;
    }
}
