// SPDX-License-Identifier: Apache-2.0
/** Secrets in AWS Secrets Manager. */
@NullMarked
package io.hyperspot.credentials.aws;

import org.jspecify.annotations.NullMarked;
