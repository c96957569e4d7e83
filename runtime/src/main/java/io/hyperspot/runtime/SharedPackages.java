// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import java.util.ArrayList;
import java.util.List;

/**
 * Packages that the framework lends to bundles from the launcher's class path: logging, so that the
 * first line of the boot and the last one of a bundle go the same way; Brotli, because a native library
 * stays with the class loader that loaded it.
 */
final class SharedPackages {
    private static final String SLF4J = "2.0.20";
    private static final String LOGBACK = "1.6.6";
    private static final String BROTLI = "1.23.0";

    private SharedPackages() {}

    /** The value of {@code org.osgi.framework.system.packages.extra}. */
    static String header() {
        List<String> packages = new ArrayList<>();
        for (String name : List.of("org.slf4j", "org.slf4j.event", "org.slf4j.helpers", "org.slf4j.spi")) {
            // libraries built against the 1.7 line import [1.7,2); its API is contained in 2.0
            packages.add(name + ";version=1.7.36");
            packages.add(name + ";version=" + SLF4J);
        }
        for (String name : List.of(
                "ch.qos.logback.classic",
                "ch.qos.logback.classic.encoder",
                "ch.qos.logback.classic.spi",
                "ch.qos.logback.core",
                "ch.qos.logback.core.encoder",
                "ch.qos.logback.core.rolling",
                "ch.qos.logback.core.spi",
                "ch.qos.logback.core.util")) {
            packages.add(name + ";version=" + LOGBACK);
        }
        for (String name : List.of(
                "com.aayushatharva.brotli4j", "com.aayushatharva.brotli4j.decoder", "com.aayushatharva.brotli4j.encoder")) {
            packages.add(name + ";version=" + BROTLI);
        }
        return String.join(",", packages);
    }
}
