// SPDX-License-Identifier: Apache-2.0
/**
 * What calls of models use and cost: the list of prices, one set of usage records for every call, whatever
 * became of it, and the budgets that hold calls back.
 */
@NullMarked
package io.hyperspot.llm.gateway.money;

import org.jspecify.annotations.NullMarked;
