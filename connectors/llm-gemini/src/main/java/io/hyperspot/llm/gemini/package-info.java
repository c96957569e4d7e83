// SPDX-License-Identifier: Apache-2.0
/**
 * The connector to Google's Gemini API, version v1beta, and to the same models at Vertex AI: forwards requests of that
 * protocol byte for byte, and translates the others.
 */
@NullMarked
package io.hyperspot.llm.gemini;

import org.jspecify.annotations.NullMarked;
