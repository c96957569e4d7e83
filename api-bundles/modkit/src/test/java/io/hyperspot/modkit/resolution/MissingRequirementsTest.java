// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit.resolution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.FrameworkWiring;

final class MissingRequirementsTest {
    private final Framework framework;

    MissingRequirementsTest(@TempDir Path cache) throws BundleException {
        framework = new FrameworkFactory()
                .newFramework(Map.of("org.osgi.framework.storage", cache.toString(), "felix.log.level", "0"));
        framework.start();
    }

    @AfterEach
    void stop() throws Exception {
        framework.stop();
        framework.waitForStop(10_000);
    }

    private Bundle install(String name, String... headers) throws Exception {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Bundle-ManifestVersion", "2");
        attributes.putValue("Bundle-SymbolicName", name);
        attributes.putValue("Bundle-Version", "1.4.0");
        for (int i = 0; i < headers.length; i += 2) {
            attributes.putValue(headers[i], headers[i + 1]);
        }
        ByteArrayOutputStream jar = new ByteArrayOutputStream();
        new JarOutputStream(jar, manifest).close();
        return framework.getBundleContext().installBundle("test:" + name, new ByteArrayInputStream(jar.toByteArray()));
    }

    private String report(Bundle bundle) {
        assertThat(framework.adapt(FrameworkWiring.class).resolveBundles(List.of(bundle))).isFalse();
        return MissingRequirements.report(bundle, List.of(framework.getBundleContext().getBundles()));
    }

    @Test
    void tellsWhatIsNeededWhatIsThereAndHowToMendIt() throws Exception {
        install("search-api", "Export-Package", "com.acme.search.api;version=2.0.3");
        Bundle plugin = install("acme-openai", "Import-Package", "com.acme.search.api;version=\"[2.1,3)\"");

        assertThat(report(plugin)).isEqualTo("""
                Bundle acme-openai 1.4.0 was not started.
                  Needs    package com.acme.search.api, version 2.1.0 or newer but below 3.0.0
                  Present  2.0.3 from search-api
                  Fix      use a version in the range, or rebuild the bundle against the one present""");
    }

    @Test
    void listsEachRequirementAndEachVersionThatIsThere() throws Exception {
        install("api-1", "Export-Package", "com.acme.api;version=1.0");
        install("api-3", "Export-Package", "com.acme.api;version=3.0");
        Bundle plugin = install(
                "plugin", "Import-Package", "com.acme.api;version=\"[2,3)\",com.acme.gone,com.acme.nice;resolution:=optional");

        assertThat(report(plugin))
                .contains("Needs    package com.acme.api, version 2.0.0 or newer but below 3.0.0")
                .contains("Present  1.0.0 from api-1, 3.0.0 from api-3")
                .contains("Needs    package com.acme.gone\n  Present  no bundle exports this package")
                .contains("embed it in plugin")
                .doesNotContain("com.acme.nice");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "2.1       | , version 2.1.0 or newer",
        "[2.1,2.1] | , version 2.1.0 or newer but not newer than 2.1.0",
        "(2,3]     | , version newer than 2.0.0 but not newer than 3.0.0"
    })
    void saysTheRangeInWords(String range, String words) throws Exception {
        Bundle plugin = install("plugin", "Import-Package", "com.acme.api;version=\"" + range + "\"");

        assertThat(report(plugin)).contains("Needs    package com.acme.api" + words + "\n");
    }

    @Test
    void tellsOfAJavaThatIsTooOld() throws Exception {
        Bundle plugin = install("plugin", "Require-Capability", "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=99))\"");

        assertThat(report(plugin)).isEqualTo("""
                Bundle plugin 1.4.0 was not started.
                  Needs    Java 99
                  Present  Java %d
                  Fix      run on a newer JDK, or compile the bundle for this one""".formatted(Runtime.version().feature()));
    }

    @Test
    void tellsOfABundleThatIsNotThere() throws Exception {
        install("host", "Bundle-Name", "x");
        Bundle plugin = install("plugin", "Require-Bundle", "host;bundle-version=\"[2,3)\",gone");
        Bundle fragment = install("fragment", "Fragment-Host", "nowhere");

        assertThat(report(plugin))
                .contains("Needs    bundle host, version 2.0.0 or newer but below 3.0.0\n  Present  1.4.0")
                .contains("Needs    bundle gone")
                .contains("Present  no bundle of this name");
        assertThat(report(fragment)).contains("Needs    bundle nowhere");
    }

    @Test
    void tellsOfACapabilityOfAnyKind() throws Exception {
        Bundle plugin = install(
                "plugin", "Require-Capability", "osgi.extender;filter:=\"(osgi.extender=acme)\",x;effective:=active,y;resolution:=optional");

        assertThat(report(plugin)).isEqualTo("""
                Bundle plugin 1.4.0 was not started.
                  Needs    the capability osgi.extender (osgi.extender=acme)
                  Present  none
                  Fix      install a bundle that provides it""");
    }

    @Test
    void namesTheBundleThatMustBeMendedFirst() throws Exception {
        install("middle", "Export-Package", "com.acme.middle", "Import-Package", "com.acme.gone");
        Bundle plugin = install("plugin", "Import-Package", "com.acme.middle");

        assertThat(report(plugin)).isEqualTo("""
                Bundle plugin 1.4.0 was not started.
                  Needs    what middle would provide
                  Present  only unresolved
                  Fix      mend middle first""");
    }

    @Test
    void tellsOfTwoCopiesOfOnePackage() throws Exception {
        install("types-1", "Export-Package", "com.acme.types;version=1.0");
        install("types-2", "Export-Package", "com.acme.types;version=2.0");
        Bundle service = install(
                "service",
                "Export-Package",
                "com.acme.service;uses:=\"com.acme.types\"",
                "Import-Package",
                "com.acme.types;version=\"[1,2)\"");
        assertThat(framework.adapt(FrameworkWiring.class).resolveBundles(List.of(service))).isTrue();
        Bundle plugin = install("plugin", "Import-Package", "com.acme.service,com.acme.types;version=\"[2,3)\"");

        assertThat(report(plugin)).isEqualTo("""
                Bundle plugin 1.4.0 was not started.
                  Needs    package com.acme.types from one bundle, but would see two
                  Present  1.0.0 from types-1 1.4.0: plugin imports com.acme.service from service 1.4.0, which uses com.acme.types from types-1 1.4.0
                           2.0.0 from types-2 1.4.0: plugin imports com.acme.types from types-2 1.4.0
                  Fix      let all of them use one: build plugin against the com.acme.types that its other imports use, or install \
                versions of those that use the same one""");
    }

    @Test
    void tellsOfTwoChainsToTwoCopiesOfOnePackage() throws Exception {
        install("types-1", "Export-Package", "com.acme.types;version=1.0");
        install("types-2", "Export-Package", "com.acme.types;version=2.0");
        install(
                "store",
                "Export-Package",
                "com.acme.store;uses:=\"com.acme.types\"",
                "Import-Package",
                "com.acme.types;version=\"[1,2)\"");
        install(
                "search",
                "Export-Package",
                "com.acme.search;uses:=\"com.acme.index\"",
                "Import-Package",
                "com.acme.index");
        install(
                "index",
                "Export-Package",
                "com.acme.index;uses:=\"com.acme.types\"",
                "Import-Package",
                "com.acme.types;version=\"[2,3)\"");
        Bundle plugin = install("plugin", "Import-Package", "com.acme.store,com.acme.search,com.acme.types;version=\"[1,3)\"");

        assertThat(report(plugin))
                .contains("Needs    package com.acme.types from one bundle, but would see two")
                .contains("1.0.0 from types-1 1.4.0: plugin imports com.acme.store from store 1.4.0, which uses com.acme.types")
                .contains("2.0.0 from types-2 1.4.0: plugin imports com.acme.search from search 1.4.0, which uses com.acme.index"
                        + " from index 1.4.0, which uses com.acme.types from types-2 1.4.0");
    }
}
