// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The operation takes the query options of collections, as {@link io.hyperspot.web.query.ListQuery} reads
 * them: {@code $top}, {@code $skiptoken}, {@code $select} and, where an example is given, {@code $filter} and
 * {@code $orderby}. They are in the OpenAPI document by this.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface QueryOptions {
    /** An example of a filter, for instance {@code state eq 'ACTIVE'}; empty: the collection has no filter. */
    String filter() default "";

    /** An example of an order, for instance {@code since desc}; empty: the collection has one order only. */
    String orderBy() default "";
}
