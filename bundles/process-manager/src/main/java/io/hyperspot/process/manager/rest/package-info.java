// SPDX-License-Identifier: Apache-2.0
/** {@code /process-manager/v1}: modules, processes and the machine. */
@NullMarked
package io.hyperspot.process.manager.rest;

import org.jspecify.annotations.NullMarked;
