// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.gts.GtsSyntaxException;
import io.hyperspot.types.registry.engine.Document;
import io.hyperspot.types.registry.engine.GtsEngine;
import io.hyperspot.types.registry.engine.GtsProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** GTS ids in sources and documents mean something, and the types that the product brings are right. */
class TypeStringsTest {
    private static final Pattern STRING = Pattern.compile("(?<![\\w.])gts\\.[a-z_][A-Za-z0-9_.~*-]*");
    /** Parts of ids that sources put together, and property names that look like ids. */
    private static final Pattern FRAGMENT = Pattern.compile("gts\\.[a-z_.]*[a-z]\\.?");

    @Test
    void everyStringParsesAndOursExist() throws Exception {
        Repository.Types types = Repository.types(new GtsEngine(GtsProfile.V0_11));
        List<String> wrong = new ArrayList<>();
        int seen = 0;
        for (Path file : Repository.files(".java", ".json", ".yaml", ".yml", ".md")) {
            Matcher matcher = STRING.matcher(Files.readString(file));
            while (matcher.find()) {
                String text = matcher.group();
                if (FRAGMENT.matcher(text).matches()) {
                    continue;
                }
                seen++;
                String reason = wrong(text, types);
                if (reason != null) {
                    wrong.add(Repository.ROOT.relativize(file) + ": " + text + ": " + reason);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(seen).isGreaterThan(100);
    }

    private static @Nullable String wrong(String text, Repository.Types types) {
        GtsPattern pattern;
        try {
            pattern = parse(text);
        } catch (GtsSyntaxException e) {
            return e.getMessage();
        }
        if (pattern.isWildcard()) {
            return null;
        }
        GtsId id = GtsId.parse(pattern.toString());
        List<GtsId> needed = new ArrayList<>(id.ancestors());
        if (id.isType()) {
            needed.add(id);
        }
        for (GtsId type : needed) {
            boolean ours = type.segments().getLast().vendor().equals("hyperspot");
            if (ours && types.find(type.toString()) == null) {
                return "no bundle brings the type " + type;
            }
        }
        return null;
    }

    /** What ends with a dot ends a sentence, or is put together with the name of each instance. */
    private static GtsPattern parse(String text) {
        try {
            return GtsPattern.parse(text.replaceFirst("[.-]+$", ""));
        } catch (GtsSyntaxException e) {
            if (text.endsWith(".")) {
                return GtsPattern.parse(text + "x.v1");
            }
            throw e;
        }
    }

    @ParameterizedTest
    @EnumSource(GtsProfile.class)
    void whatBundlesBringIsValidInEveryProfile(GtsProfile profile) throws Exception {
        GtsEngine engine = new GtsEngine(profile);
        Repository.Types types = Repository.types(engine);
        assertThat(types.documents()).hasSizeGreaterThan(10);
        for (Document document : types.documents()) {
            assertThat(engine.validate(document, types)).as("%s", document).isEmpty();
        }
    }
}
