// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "persistence", description = "Where data is kept.")
@interface PersistenceConfig {
    @AttributeDefinition(
            name = "dsn",
            description = "'sqlite' for data/hyperspot.db in the home directory, 'sqlite:<path>' for another file,"
                    + " 'sqlite::memory:' for one that is gone at the end,"
                    + " 'postgresql://<host>[:<port>]/<database>' or 'mariadb://<host>[:<port>]/<database>'. A server on"
                    + " another machine must show a certificate for its name (parameters sslmode, sslrootcert; sslMode,"
                    + " serverSslCert).")
    String dsn() default "sqlite";

    @AttributeDefinition(name = "user", description = "The server's account for reading and writing rows.", required = false)
    String user() default "";

    @AttributeDefinition(
            name = "password",
            description = "The account's password.",
            type = AttributeType.PASSWORD,
            required = false)
    String password() default "";

    @AttributeDefinition(
            name = "owner_user",
            description = "An account that may make and change tables; the other one then gets no more than the right to"
                    + " their rows. Empty: the same account does both.",
            required = false)
    String owner__user() default "";

    @AttributeDefinition(
            name = "owner_password",
            description = "The password of owner_user.",
            type = AttributeType.PASSWORD,
            required = false)
    String owner__password() default "";

    @AttributeDefinition(name = "pool_size", description = "Most connections at once; each read or write takes one.")
    int pool__size() default 8;

    @AttributeDefinition(name = "acquire_timeout_ms", description = "Longest wait for a connection, in milliseconds.")
    int acquire__timeout__ms() default 3_000;

    @AttributeDefinition(
            name = "transaction_timeout_ms",
            description = "Longest duration of one read or write with all its waits, in milliseconds.")
    int transaction__timeout__ms() default 10_000;

    @AttributeDefinition(
            name = "slow_statement_ms",
            description = "From how many milliseconds on a statement is logged, without its values; 0: none is.")
    int slow__statement__ms() default 500;
}
