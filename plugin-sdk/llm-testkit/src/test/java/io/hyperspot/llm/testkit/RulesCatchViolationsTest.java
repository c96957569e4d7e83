// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Each rule tells when it is broken, and none when nothing is. */
final class RulesCatchViolationsTest {
    @AfterEach
    void reset() {
        FlawedContract.flaw = Flaw.NONE;
    }

    @ParameterizedTest
    @EnumSource
    void tellsTheFlaw(Flaw flaw) {
        FlawedContract.flaw = flaw;
        List<String> ran = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(FlawedContract.class))
                .filters((PostDiscoveryFilter) test -> FilterResult.includedIf(test.getSource()
                        .map(source -> !(source instanceof MethodSource method)
                                || flaw == Flaw.NONE
                                || method.getMethodName().equals(flaw.rule()))
                        .orElse(true)))
                .build();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest() && result.getStatus() != TestExecutionResult.Status.ABORTED) {
                    ran.add(test.getDisplayName());
                }
                if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                    failed.add(test.getDisplayName() + ": " + result.getThrowable());
                }
            }
        });
        assertThat(ran).isNotEmpty();
        if (flaw == Flaw.NONE) {
            assertThat(failed).isEmpty();
            assertThat(ran).hasSizeGreaterThan(24);
        } else {
            assertThat(failed).isNotEmpty();
        }
    }
}
