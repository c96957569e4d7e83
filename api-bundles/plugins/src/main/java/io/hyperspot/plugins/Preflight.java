// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins;

import java.util.List;
import java.util.Locale;

/**
 * What would come of installing a JAR; nothing was touched to find out.
 *
 * @param id empty when the JAR is no plugin
 * @param version empty when unknown
 * @param sha256 of the JAR, hexadecimal
 * @param size of the JAR in bytes
 * @param replaces the version that it would replace; empty when none
 * @param restarts other bundles that would be stopped and started; 0 unless said otherwise
 * @param workers GTS instance ids that it declares; {@code {name}} stands for a configuration's name
 * @param findings the gravest first
 */
public record Preflight(
        String id,
        String version,
        String sha256,
        long size,
        String replaces,
        int restarts,
        List<String> workers,
        List<Finding> findings) {

    /** How grave a finding is. */
    public enum Severity {
        /** It is refused. */
        ERROR,
        /** It lacks something that may come: it is installed and waits. */
        WAITING,
        /** It is taken, but somebody should know. */
        WARNING,
        /** Good to know. */
        INFO
    }

    /**
     * One finding.
     *
     * @param code stable, for programs
     * @param needs what the JAR needs, or is
     * @param present what is there instead; empty when it does not apply
     * @param fix what mends it; empty when nothing must be mended
     */
    public record Finding(Severity severity, String code, String needs, String present, String fix) {}

    public Preflight {
        workers = List.copyOf(workers);
        findings = List.copyOf(findings);
    }

    /** Whether it would be installed and started. */
    public boolean accepted() {
        return findings.stream().noneMatch(f -> f.severity() == Severity.ERROR || f.severity() == Severity.WAITING);
    }

    /** Whether it is refused whatever else comes. */
    public boolean refused() {
        return findings.stream().anyMatch(f -> f.severity() == Severity.ERROR);
    }

    /** For people, in the form Needs / Present / Fix. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(id.isEmpty() ? "The file" : "Plugin " + id + " " + version);
        text.append(accepted() ? " can be installed" : refused() ? " is refused" : " would wait");
        text.append(replaces.isEmpty() ? "." : "; it replaces " + replaces + ".");
        text.append(" Other modules that restart: ").append(restarts).append('.');
        for (Finding finding : findings) {
            String label = finding.severity() == Severity.ERROR || finding.severity() == Severity.WAITING
                    ? "Needs"
                    : finding.severity() == Severity.WARNING ? "Warning" : "Note";
            line(text, label, finding.needs());
            line(text, "Present", finding.present());
            line(text, "Fix", finding.fix());
            line(text, "Code", finding.severity() == Severity.INFO ? "" : finding.code().toUpperCase(Locale.ROOT));
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String label, String value) {
        if (!value.isEmpty()) {
            text.append("\n  ").append(label).append(" ".repeat(9 - label.length())).append(value);
        }
    }
}
