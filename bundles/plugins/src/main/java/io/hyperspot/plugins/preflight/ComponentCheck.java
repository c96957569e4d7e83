// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import io.hyperspot.plugins.archive.ComponentDescription;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/** Whether the classes that the components name can be found. */
final class ComponentCheck implements Check {
    @Override
    public void check(Subject subject, Findings findings) {
        Set<String> visible = new HashSet<>(subject.contents().packages().keySet());
        Set<String> imports = subject.imports();
        for (ComponentDescription component : subject.components()) {
            String type = component.implementation();
            if (!subject.contents().classes().contains(type.replace('.', '/')) && !imports.contains(packageOf(type))) {
                findings.error(
                        "COMPONENT_CLASS_MISSING",
                        "the class " + type + " of its component " + component.name(),
                        "the JAR does not have it",
                        "build the JAR again from clean folders; look at its Bundle-ClassPath");
            }
            Stream.concat(component.interfaces().stream(), component.references().stream())
                    .filter(name -> !name.isEmpty() && !visible.contains(packageOf(name)))
                    .filter(name -> !subject.mayImport(packageOf(name)))
                    .distinct()
                    .forEach(name -> findings.warning(
                            "COMPONENT_INTERFACE",
                            "its component " + component.name() + " speaks of " + name + ", whose package it neither has nor imports",
                            "",
                            "import " + packageOf(name)));
        }
    }

    private static String packageOf(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(0, dot);
    }
}
