// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import java.util.Locale;
import org.osgi.framework.Version;

/** What an operator asks first: how large it is, and what it replaces. */
final class SummaryCheck implements Check {
    @Override
    public void check(Subject subject, Findings findings) {
        findings.info(
                "SIZE",
                String.format(
                        Locale.ROOT,
                        "%,d kB, %,d kB unpacked; %d classes, %d embedded libraries",
                        (subject.archive().size() + 1023) >> 10,
                        (subject.contents().expanded() + 1023) >> 10,
                        subject.contents().classes().size(),
                        subject.contents().libraries().size()));
        if (!subject.replaces().isEmpty()) {
            int order = subject.archive().version().compareTo(Version.parseVersion(subject.replaces()));
            if (order < 0) {
                findings.warning(
                        "DOWNGRADE",
                        "it is older than " + subject.replaces() + ", which serves",
                        "",
                        "install a newer one, if this is not meant");
            } else if (order == 0) {
                findings.info("SAME_VERSION", "it says that it is " + subject.replaces() + ", as the one that serves");
            }
        }
    }
}
