// SPDX-License-Identifier: Apache-2.0
/**
 * Tests that every LLM connector must pass, for its author to extend: {@link
 * io.hyperspot.llm.testkit.LlmWorkerContract}. With it what such tests need: {@link
 * io.hyperspot.llm.testkit.ComponentConfig} and {@link io.hyperspot.llm.testkit.TestClients}.
 */
@NullMarked
package io.hyperspot.llm.testkit;

import org.jspecify.annotations.NullMarked;
