// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import io.hyperspot.plugins.archive.ComponentDescription;
import io.hyperspot.plugins.preflight.Platform.Configuration;
import java.util.List;
import java.util.TreeMap;
import javax.xml.stream.XMLStreamException;

/** Whether the configuration that is there has what the plugin cannot do without. */
final class ConfigurationCheck implements Check {
    @Override
    public void check(Subject subject, Findings findings) {
        subject.contents().documents("OSGI-INF/metatype/").forEach(document -> {
            try {
                ConfigurationNeeds.read(document.getValue()).forEach(needs -> compare(needs, subject, findings));
            } catch (XMLStreamException e) {
                findings.error(
                        "METATYPE_DAMAGED",
                        "a readable description of its configuration",
                        document.getKey() + ": " + e.getMessage(),
                        "build the JAR again");
            }
        });
    }

    private static void compare(ConfigurationNeeds needs, Subject subject, Findings findings) {
        if (needs.required().isEmpty()) {
            return;
        }
        List<Configuration> configurations = subject.platform().configurations().apply(needs.pid());
        for (Configuration configuration : configurations) {
            new TreeMap<>(needs.required()).forEach((key, meaning) -> {
                if (!configuration.values().containsKey(key)) {
                    String place = "modules." + needs.pid()
                            + (configuration.instance().isEmpty() ? "" : ".instances." + configuration.instance());
                    findings.error(
                            "CONFIGURATION_KEY",
                            "the key " + place + "." + shown(key) + ", which has no default" + (meaning.isEmpty() ? "" : ": " + meaning),
                            "it is not set",
                            "set it first, or give it a default in the plugin");
                }
            });
        }
        if (configurations.isEmpty()) {
            unconfigured(needs, subject, findings);
        }
    }

    private static void unconfigured(ConfigurationNeeds needs, Subject subject, Findings findings) {
        String keys = String.join(", ", new TreeMap<>(needs.required()).keySet().stream().map(ConfigurationCheck::shown).toList());
        boolean waits = needs.factory()
                || subject.components().stream()
                        .filter(component -> component.pids().contains(needs.pid()))
                        .allMatch(ComponentDescription::needsConfiguration);
        String place = "modules." + needs.pid() + (needs.factory() ? ".instances.<name>" : "");
        if (waits) {
            findings.info("NOT_CONFIGURED", "it begins when " + place + " is configured; it must have " + keys);
        } else {
            findings.warning(
                    "CONFIGURATION_KEY_UNSET",
                    "its keys " + keys + " of " + place + " have no default and are not set",
                    "",
                    "set them");
        }
    }

    /** As it is written in YAML. */
    private static String shown(String key) {
        return key.startsWith(".") ? key.substring(1) : key;
    }
}
