// SPDX-License-Identifier: Apache-2.0
/**
 * Reads {@code hyperspot.yaml}, checks it against the metatype of all bundles and hands it to
 * Configuration Admin. Everything but {@link io.hyperspot.config.ConfigurationModule} is plain Java,
 * so that the command line checks a file with the very same code.
 */
@NullMarked
package io.hyperspot.config;

import org.jspecify.annotations.NullMarked;
