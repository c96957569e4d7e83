// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Well-formed ids and patterns from a small alphabet, so that they often meet. */
final class RandomIds {
    private static final String[][] NAMES = {{"a", "b"}, {"p", "_"}, {"n", "m2"}, {"t", "u"}};
    private static final String[] VERSIONS = {"v0", "v0.1", "v1", "v1.0"};
    private static final String UUID = "7a1d2f34-5678-49ab-9012-abcdef12345";

    private final Random random;

    RandomIds(long seed) {
        random = new Random(seed);
    }

    /** Every id of the alphabet with one or two segments. */
    static List<GtsId> universe() {
        List<String> segments = new ArrayList<>();
        for (String vendor : NAMES[0]) {
            for (String pkg : NAMES[1]) {
                for (String namespace : NAMES[2]) {
                    for (String type : NAMES[3]) {
                        for (String version : VERSIONS) {
                            segments.add(String.join(".", vendor, pkg, namespace, type, version));
                        }
                    }
                }
            }
        }
        List<GtsId> all = new ArrayList<>();
        for (String first : segments) {
            String base = "gts." + first + "~";
            all.add(GtsId.parse(base));
            all.add(GtsId.parse(base + UUID + "0"));
            all.add(GtsId.parse(base + UUID + "1"));
            for (String second : segments) {
                all.add(GtsId.parse(base + second));
                all.add(GtsId.parse(base + second + "~"));
            }
        }
        return all;
    }

    String id(int maxSegments) {
        int count = 1 + random.nextInt(maxSegments);
        StringBuilder text = new StringBuilder("gts.");
        for (int i = 0; i < count; i++) {
            boolean last = i == count - 1;
            if (last && i > 0 && random.nextInt(8) == 0) {
                return text.append(UUID).append(random.nextInt(2)).toString();
            }
            text.append(segment());
            if (!last || i == 0 || random.nextBoolean()) {
                text.append('~');
            }
        }
        return text.toString();
    }

    /** An id, or an id cut after one of its tokens and closed with a star. */
    String pattern(int maxSegments) {
        String id = id(maxSegments);
        if (random.nextInt(4) == 0) {
            return id;
        }
        List<Integer> cuts = new ArrayList<>();
        for (int i = 3; i < id.length(); i++) {
            boolean uuid = id.indexOf('-') > 0 && i > id.lastIndexOf('~');
            if ((id.charAt(i) == '.' || id.charAt(i) == '~') && !uuid) {
                cuts.add(i + 1);
            }
        }
        return id.substring(0, cuts.get(random.nextInt(cuts.size()))) + "*";
    }

    private String segment() {
        StringBuilder text = new StringBuilder();
        for (String[] names : NAMES) {
            text.append(names[random.nextInt(names.length)]).append('.');
        }
        return text.append(VERSIONS[random.nextInt(VERSIONS.length)]).toString();
    }
}
