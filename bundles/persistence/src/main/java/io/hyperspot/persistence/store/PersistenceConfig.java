// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "persistence", description = "Where data is kept.")
@interface PersistenceConfig {
    @AttributeDefinition(
            name = "dsn",
            description = "'sqlite' for data/hyperspot.db in the home directory, or 'sqlite:<path>' for another file.")
    String dsn() default "sqlite";

    @AttributeDefinition(name = "pool_size", description = "Most connections at once; each read or write takes one.")
    int pool__size() default 8;

    @AttributeDefinition(name = "acquire_timeout_ms", description = "Longest wait for a connection, in milliseconds.")
    int acquire__timeout__ms() default 3_000;

    @AttributeDefinition(
            name = "transaction_timeout_ms",
            description = "Longest duration of one read or write with all its waits, in milliseconds.")
    int transaction__timeout__ms() default 10_000;
}
