// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.hyperspot.llm.testkit;

import org.jspecify.annotations.NullMarked;
