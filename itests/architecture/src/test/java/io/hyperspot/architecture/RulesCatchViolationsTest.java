// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule has a fixture that violates it, and is caught. */
final class RulesCatchViolationsTest {
    private static final String FIXTURES = "io.hyperspot.architecture.fixtures";
    private static final JavaClasses CLASSES = new ClassFileImporter().importPackages(FIXTURES + ".shop");

    static Stream<Arguments> rules() {
        return Stream.of(
                arguments(ArchitectureRules.domainIsPlain(), "Price"),
                arguments(ArchitectureRules.staysInside(Set.of(FIXTURES + ".shop", FIXTURES + ".shop.domain"), Set.of()), "UsesAnotherBundle"),
                arguments(ArchitectureRules.opensNoConnection(), "OpensASocket"),
                arguments(ArchitectureRules.startsNoProcess(), "StartsAProcess"),
                arguments(ArchitectureRules.opensNoDatabase(), "OpensADatabase"),
                arguments(ArchitectureRules.logsBySlf4j(), "Prints"),
                arguments(ArchitectureRules.keepsNoStaticState(), "KeepsStaticState"),
                arguments(ArchitectureRules.poolsNoThreads(), "PoolsThreads"),
                arguments(ArchitectureRules.injectsByConstructor(), "InjectsAField"),
                arguments(ArchitectureRules.loggersAreConstants(), "HasALoggerOfItsOwn"));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void namesTheViolatingClass(ArchRule rule, String violator) {
        assertThat(rule.evaluate(CLASSES).getFailureReport().getDetails())
                .anyMatch(line -> line.contains(violator));
    }
}
