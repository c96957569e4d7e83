// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import io.hyperspot.plugins.preflight.Platform.Provided;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Classes that the platform has too: two copies of a type are two types. */
final class CopyCheck implements Check {
    @Override
    public void check(Subject subject, Findings findings) {
        Map<String, List<Provided>> packages = subject.platform().packages();
        Set<String> imports = subject.imports();
        Set<String> harmless = new TreeSet<>();
        for (Map.Entry<String, String> own : new TreeMap<>(subject.contents().packages()).entrySet()) {
            String name = own.getKey();
            List<Provided> others = packages.getOrDefault(name, List.of());
            if (others.isEmpty() || subject.exports().contains(name)) {
                continue;
            }
            String copy = "a copy of " + name + (own.getValue().isEmpty() ? "" : " (" + own.getValue() + ")");
            String fix = "remove " + (own.getValue().isEmpty() ? name : own.getValue()) + " from your JAR";
            if (imports.contains(name)) {
                findings.warning(
                        "COPY_UNUSED", "it has " + copy + ", which it never uses: it imports the platform's", "", fix);
            } else if (others.stream().anyMatch(Provided::isContract)) {
                findings.error(
                        "COPY_OF_CONTRACT",
                        "the platform's " + name + ", and has " + copy + ": the platform would not know its objects",
                        RequirementCheck.present(others),
                        fix + " and import it (scope 'provided' in Maven)");
            } else if (others.stream().anyMatch(Provided::crossing)) {
                findings.warning(
                        "COPY_OF_API",
                        "it has " + copy + ", which HyperSpot's contracts use too: an object of the one is none of the other",
                        RequirementCheck.present(others),
                        fix + " and import it");
            } else {
                harmless.add(name);
            }
        }
        if (!harmless.isEmpty()) {
            findings.info("COPY_OF_LIBRARY", "it has its own copy of " + String.join(", ", harmless));
        }
    }
}
