// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.osgi.framework.Constants;

/** References of classes that lead nowhere: found now instead of by a request. */
final class LinkageCheck implements Check {
    private static final int MENTIONED = 10;

    @Override
    public void check(Subject subject, Findings findings) {
        boolean sees = subject.clauses(Constants.REQUIRE_BUNDLE).isEmpty();
        Map<String, String> foreign = new TreeMap<>();
        new TreeMap<>(subject.contents().references()).forEach((target, from) -> {
            String packageName = JarContents.packageOf(target);
            if (subject.contents().classes().contains(target) || subject.mayImport(packageName)) {
                return;
            }
            if (subject.contents().packages().containsKey(packageName)) {
                findings.warning(
                        "CLASS_MISSING",
                        dotted(from) + " refers to " + dotted(target) + ", which the JAR does not have: the call that needs it would fail",
                        "",
                        "build the JAR again from clean folders, with all of the library");
            } else if (sees) {
                foreign.putIfAbsent(packageName, from);
            }
        });
        if (!foreign.isEmpty()) {
            // what runs in a child process, or what bnd was told to leave out
            findings.info(
                    "PACKAGE_NOT_IMPORTED",
                    "it neither has nor imports packages that its classes mention, and can only do without: "
                            + foreign.entrySet().stream()
                                    .limit(MENTIONED)
                                    .map(entry -> entry.getKey() + " (for " + dotted(entry.getValue()) + ")")
                                    .collect(Collectors.joining(", ")));
        }
        libraries(subject, findings);
    }

    private static void libraries(Subject subject, Findings findings) {
        Map<String, String> missing = new TreeMap<>();
        subject.contents().libraryReferences().forEach((target, from) -> {
            String packageName = JarContents.packageOf(target);
            if (!subject.contents().classes().contains(target)
                    && subject.contents().packages().containsKey(packageName)
                    && !subject.mayImport(packageName)) {
                missing.put(target, from);
            }
        });
        if (!missing.isEmpty()) {
            Map.Entry<String, String> first = missing.entrySet().iterator().next();
            findings.info(
                    "LIBRARY_CLASS_MISSING",
                    "embedded libraries refer to " + missing.size() + " classes that are not there, mostly for parts that are not"
                            + " used; the first is " + dotted(first.getKey()) + ", for " + dotted(first.getValue()));
        }
    }

    private static String dotted(String internalName) {
        return internalName.replace('/', '.');
    }
}
