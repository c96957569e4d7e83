// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The bundles of the distribution keep the rules. */
final class DistributionTest {
    private static final Path BUNDLES = Path.of(System.getProperty("hyperspot.distribution"), "bundles");

    /** Bundles whose job is what the rule forbids to all others. */
    private static final Set<String> CONNECTS = Set.of(
            "io.hyperspot.http.client",
            "io.hyperspot.web",
            // speaks LDAP, which is not HTTP, to the servers that the operator lists and to no others
            "io.hyperspot.auth.ldap",
            // asks its own children whether they are ready, at the loopback address
            "io.hyperspot.process");
    /** Libraries of ours for anybody, in the container or not. */
    private static final Set<String> LIBRARIES = Set.of("io.hyperspot.gts.id");
    private static final Set<String> STARTS = Set.of("io.hyperspot.process", "io.hyperspot.process.api");
    private static final Set<String> STORES = Set.of("io.hyperspot.persistence", "io.hyperspot.persistence.api");

    private static final Map<String, JavaClasses> OURS = new HashMap<>();
    private static final Set<String> CONTRACTS = new HashSet<>();

    @BeforeAll
    static void read() throws IOException {
        // embedded libraries are theirs, not ours
        ImportOption own = location -> location.contains("/io/hyperspot/");
        try (Stream<Path> jars = Files.list(BUNDLES)) {
            for (Path jar : jars.filter(f -> f.getFileName().toString().startsWith("io.hyperspot.")).toList()) {
                String name = jar.getFileName().toString().replaceAll("-\\d.*", "");
                // importPath reads a JAR as a folder, and finds nothing
                try (JarFile file = new JarFile(jar.toFile())) {
                    JavaClasses classes = new ClassFileImporter().withImportOption(own).importJar(file);
                    OURS.put(name, classes);
                    if (isContract(name)) {
                        classes.forEach(type -> CONTRACTS.add(type.getPackageName()));
                    }
                }
            }
        }
    }

    private static boolean isContract(String name) {
        return name.endsWith(".api") || LIBRARIES.contains(name);
    }

    @Test
    void isThere() {
        assertThat(OURS).containsKeys("io.hyperspot.web", "io.hyperspot.llm.gateway", "io.hyperspot.llm.api");
        OURS.forEach((name, classes) -> assertThat(classes).as(name).isNotEmpty());
    }

    @Test
    void hasASmallLauncher() throws IOException {
        try (Stream<Path> jars = Files.list(BUNDLES.resolveSibling("lib"))) {
            Path jar = jars.filter(f -> f.getFileName().toString().startsWith("io.hyperspot.runtime-")).findFirst().orElseThrow();
            try (JarFile launcher = new JarFile(jar.toFile())) {
                assertThat(launcher.stream()
                                .map(entry -> entry.getName())
                                .filter(name -> name.endsWith(".class") && !name.contains("$") && !name.endsWith("package-info.class"))
                                .filter(name -> !name.endsWith("Command.class") && !name.endsWith("Commands.class")))
                        .as("what neither launches nor speaks to a server belongs into a bundle")
                        .hasSizeBetween(1, 18);
            }
        }
    }

    @TestFactory
    List<DynamicTest> keepsTheRules() {
        List<DynamicTest> tests = new ArrayList<>();
        OURS.forEach((name, classes) -> {
            Set<String> own = new HashSet<>();
            classes.forEach(type -> own.add(type.getPackageName()));
            List<ArchRule> rules = new ArrayList<>(List.of(
                    ArchitectureRules.domainIsPlain(),
                    ArchitectureRules.staysInside(own, CONTRACTS),
                    ArchitectureRules.keepsNoStaticState(),
                    ArchitectureRules.poolsNoThreads(),
                    ArchitectureRules.injectsByConstructor(),
                    ArchitectureRules.loggersAreConstants()));
            if (!CONNECTS.contains(name)) {
                rules.add(ArchitectureRules.opensNoConnection());
            }
            if (!STARTS.contains(name)) {
                rules.add(ArchitectureRules.startsNoProcess());
                rules.add(ArchitectureRules.logsBySlf4j());
            }
            if (!STORES.contains(name)) {
                rules.add(ArchitectureRules.opensNoDatabase());
            }
            tests.add(DynamicTest.dynamicTest(name, () -> rules.forEach(rule -> rule.check(classes))));
        });
        return tests;
    }

    @Test
    void exportsNothingButContracts() throws IOException {
        try (Stream<Path> jars = Files.list(BUNDLES)) {
            for (Path file : jars.filter(f -> f.getFileName().toString().startsWith("io.hyperspot.")).toList()) {
                try (JarFile jar = new JarFile(file.toFile())) {
                    boolean contract = isContract(file.getFileName().toString().replaceAll("-\\d.*", ""));
                    String exported = jar.getManifest().getMainAttributes().getValue("Export-Package");
                    assertThat(exported != null)
                            .as("%s exports %s", file.getFileName(), exported)
                            .isEqualTo(contract);
                    if (exported != null) {
                        assertThat(exported.replaceAll(";uses:=\"[^\"]*\"", "").split(","))
                                .as("%s", file.getFileName())
                                // jOOQ, which the contract shows, needs it and no bundle brings it
                                .allMatch(clause -> clause.startsWith("io.hyperspot.") || clause.startsWith("io.r2dbc.spi;"))
                                .allMatch(clause -> clause.matches("(?s).*;version=\"?[1-9][0-9]*\\.[0-9]+\\.[0-9]+\"?.*"));
                    }
                }
            }
        }
    }
}
