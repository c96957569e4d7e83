// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import io.hyperspot.plugins.Preflight.Finding;
import io.hyperspot.plugins.Preflight.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was found so far. Of one kind only the first are kept. */
final class Findings {
    private static final int MOST_OF_A_KIND = 20;

    private final List<Finding> all = new ArrayList<>();
    private final Map<String, Integer> counts = new HashMap<>();

    void error(String code, String needs, String present, String fix) {
        add(Severity.ERROR, code, needs, present, fix);
    }

    void waiting(String code, String needs, String present, String fix) {
        add(Severity.WAITING, code, needs, present, fix);
    }

    void warning(String code, String needs, String present, String fix) {
        add(Severity.WARNING, code, needs, present, fix);
    }

    void info(String code, String text) {
        add(Severity.INFO, code, text, "", "");
    }

    void add(Severity severity, String code, String needs, String present, String fix) {
        if (counts.merge(code, 1, Integer::sum) <= MOST_OF_A_KIND) {
            all.add(new Finding(severity, code, printable(needs), printable(present), fix));
        }
    }

    /** Names come from the JAR; they must not draw on a terminal, nor fill the log. */
    private static String printable(String text) {
        String visible = text.replaceAll("\\p{Cntrl}", "?");
        return visible.length() <= 500 ? visible : visible.substring(0, 500) + "…";
    }

    boolean hasErrors() {
        return all.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
    }

    /** The gravest first. */
    List<Finding> sorted() {
        List<Finding> sorted = new ArrayList<>(all);
        counts.forEach((code, count) -> {
            if (count > MOST_OF_A_KIND) {
                sorted.add(new Finding(
                        Severity.INFO, "MORE", (count - MOST_OF_A_KIND) + " more findings " + code, "", ""));
            }
        });
        sorted.sort(Comparator.comparing(Finding::severity));
        return sorted;
    }
}
