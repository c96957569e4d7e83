// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.users.store;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The name with which somebody logs in. Two names that people cannot tell apart are one: compared in one
 * normal form without regard to case, of letters of one script, and not of foreign letters alone that look
 * Latin.
 *
 * @param shown as it was chosen, in normal form
 * @param key as it is compared
 */
record LoginName(String shown, String key) {
    static final int LONGEST = 64;
    private static final String SIGNS = "._-@+";

    /** Letters of other scripts that are drawn like Latin ones. */
    private static final String LOOK_LATIN = "авекмнорстухѕіјһԁԛԝӏүґьαβεηικμνορτυχωγϲϳ";

    /** Scripts that are written together. */
    private static final List<Set<UnicodeScript>> TOGETHER = List.of(
            EnumSet.of(UnicodeScript.HAN, UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA),
            EnumSet.of(UnicodeScript.HAN, UnicodeScript.HANGUL),
            EnumSet.of(UnicodeScript.HAN, UnicodeScript.BOPOMOFO));

    /** Empty for what is no name. */
    static Optional<LoginName> of(String text) {
        // an extreme text is not worth the work of a normal form
        if (text.length() > 4 * LONGEST) {
            return Optional.empty();
        }
        String shown = Normalizer.normalize(text, Normalizer.Form.NFKC).strip();
        int length = shown.codePointCount(0, shown.length());
        if (length == 0 || length > LONGEST || !shown.codePoints().allMatch(LoginName::isAllowed)) {
            return Optional.empty();
        }
        String key = folded(shown);
        if (!isOneScript(key) || looksLatin(key) || !Character.isLetterOrDigit(key.codePointAt(0))) {
            return Optional.empty();
        }
        return Optional.of(new LoginName(shown, key));
    }

    /** What a name that may be none is counted under. */
    static String countedAs(String text) {
        return of(text).map(LoginName::key).orElseGet(() -> text.length() > LONGEST ? text.substring(0, LONGEST) : text);
    }

    private static String folded(String text) {
        String folded = text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT).replace('ς', 'σ');
        return Normalizer.normalize(folded, Normalizer.Form.NFKC);
    }

    private static boolean isAllowed(int c) {
        if (c < 128) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || SIGNS.indexOf(c) >= 0;
        }
        int type = Character.getType(c);
        return Character.isLetter(c) || type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    private static boolean isOneScript(String key) {
        Set<UnicodeScript> scripts = EnumSet.noneOf(UnicodeScript.class);
        key.codePoints()
                .mapToObj(UnicodeScript::of)
                .filter(script -> script != UnicodeScript.COMMON && script != UnicodeScript.INHERITED)
                .forEach(scripts::add);
        return scripts.size() <= 1 || TOGETHER.stream().anyMatch(set -> set.containsAll(scripts));
    }

    private static boolean looksLatin(String key) {
        int[] letters = key.codePoints().filter(Character::isLetter).toArray();
        for (int letter : letters) {
            if (letter < 128 || LOOK_LATIN.indexOf(letter) < 0) {
                return false;
            }
        }
        return letters.length > 0;
    }
}
