// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which native libraries are of use here. Libraries bring them for every system, in folders like
 * {@code linux-x64} or {@code Windows/x86_64}.
 */
record Platform(String system, String architecture) {
    private static final Pattern SYSTEM =
            Pattern.compile("(linux|mac|macos|osx|darwin|win|windows)([-_].*)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern ARCHITECTURE =
            Pattern.compile("(?:.*[-_])?(x86_64|x64|amd64|aarch64|arm64|x86)", Pattern.CASE_INSENSITIVE);
    private static final Map<String, String> SAME = Map.of(
            "macos", "mac", "osx", "mac", "darwin", "mac", "windows", "win", "x86_64", "x64", "amd64", "x64", "arm64",
            "aarch64");

    static Platform current() {
        String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String system = name.startsWith("mac") ? "mac" : name.startsWith("windows") ? "win" : "linux";
        return new Platform(system, common(System.getProperty("os.arch", "")));
    }

    /** False for a file in a folder that is named for another system or processor. */
    boolean wants(String path) {
        List<String> segments = List.of(path.split("/"));
        for (String folder : segments.subList(0, segments.size() - 1)) {
            Matcher bySystem = SYSTEM.matcher(folder);
            if (!bySystem.matches()) {
                continue;
            }
            // The processor is named in the same folder or in the next.
            String below = path.substring(path.indexOf(folder));
            for (String part : below.split("/")) {
                Matcher byArchitecture = ARCHITECTURE.matcher(part);
                if (byArchitecture.matches() && !common(byArchitecture.group(1)).equals(architecture)) {
                    return false;
                }
            }
            return common(bySystem.group(1)).equals(system);
        }
        return true;
    }

    private static String common(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return SAME.getOrDefault(lower, lower);
    }
}
