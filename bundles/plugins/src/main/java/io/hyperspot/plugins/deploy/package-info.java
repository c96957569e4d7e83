// SPDX-License-Identifier: Apache-2.0
/**
 * The life of a plugin: installed beside its predecessor, started with a deadline, found healthy,
 * given the requests, watched, and taken back when it fails.
 */
@NullMarked
package io.hyperspot.plugins.deploy;

import org.jspecify.annotations.NullMarked;
