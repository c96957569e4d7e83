// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import io.hyperspot.persistence.TenantScope;
import io.hyperspot.security.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jooq.SQLDialect;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL. Each transaction says whose rows it may touch, and row-level security holds it to that
 * even where a query does not.
 */
final class Postgres implements Engine {
    private static final Logger log = LoggerFactory.getLogger(Postgres.class);
    private static final String EVERYTHING = "*";
    // sub-queries, so that the setting is read once a statement and not once a row
    private static final String POLICY = """
            do $$ declare t record; begin
              for t in select c.relname as name from pg_class c
                  join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
                  where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
                  and starts_with(c.relname, '{module}_') loop
                execute format('alter table %I enable row level security', t.name);
                execute format('alter table %I force row level security', t.name);
                execute format('drop policy if exists hyperspot_tenant on %I', t.name);
                execute format('create policy hyperspot_tenant on %I using ('
                  || '(select current_setting(''hyperspot.scope'', true)) = ''*'' or tenant_id = any('
                  || '(select string_to_array(current_setting(''hyperspot.scope'', true), '',''))::text[]))', t.name);
              end loop;
            end $$""";
    private static final String GRANT = """
            do $$ declare t record; begin
              for t in select c.relname as name from pg_class c
                  where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
                  and starts_with(c.relname, '{module}_') loop
                execute format('grant select on %I to %I', t.name, '{user}');
                if t.name <> '{module}_schema_history' then
                  execute format('grant insert, update, delete on %I to %I', t.name, '{user}');
                end if;
              end loop;
            end $$""";

    private final Server server;
    private final AtomicBoolean warned = new AtomicBoolean();

    Postgres(Server server) {
        this.server = server;
    }

    @Override
    public String place() {
        return "postgresql://" + server.place();
    }

    @Override
    public SQLDialect dialect() {
        return SQLDialect.POSTGRES;
    }

    @Override
    public DataSource open() throws SQLException {
        return source(server.user());
    }

    @Override
    public DataSource owner(DataSource opened) throws SQLException {
        return server.owner() == null ? opened : source(server.ownerOrUser());
    }

    private DataSource source(Server.Login login) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {server.host()});
        source.setPortNumbers(new int[] {server.port()});
        source.setDatabaseName(server.database());
        source.setUser(login.name());
        source.setPassword(login.password());
        source.setApplicationName("hyperspot");
        source.setConnectTimeout(seconds(server.connectTimeout().toMillis()));
        source.setSocketTimeout(seconds(server.answerTimeout().toMillis()));
        source.setTcpKeepAlive(true);
        // a password must not travel where anybody can read it
        source.setSslMode(server.isOnThisMachine() ? "prefer" : "verify-full");
        for (Map.Entry<String, String> parameter : server.parameters().entrySet()) {
            source.setProperty(parameter.getKey(), parameter.getValue());
        }
        return source;
    }

    private static int seconds(long millis) {
        return (int) Math.max(1, TimeUnit.MILLISECONDS.toSeconds(millis + 999));
    }

    @Override
    public boolean oneWriter() {
        return false;
    }

    @Override
    public void begin(Connection connection, TenantScope scope, boolean write, long nanosLeft) throws SQLException {
        // one exchange with the server; the values are UUIDs and a number
        Sql.execute(
                connection,
                (write ? "BEGIN ISOLATION LEVEL SERIALIZABLE" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                        + "; SELECT set_config('hyperspot.scope', '" + tenants(scope) + "', true),"
                        + " set_config('statement_timeout', '" + Math.max(1, nanosLeft / 1_000_000) + "', true)");
    }

    private static String tenants(TenantScope scope) {
        return scope.isPlatform()
                ? EVERYTHING
                : scope.tenants().stream().map(TenantId::toString).collect(Collectors.joining(","));
    }

    @Override
    public void interrupt(Connection connection) throws SQLException {
        // the server's own limit has passed too; this is for one that does not answer any more
        connection.abort(Runnable::run);
    }

    @Override
    public Failure failure(SQLException failure) {
        String state = failure.getSQLState();
        if (state == null || state.length() != 5) {
            return Failure.REFUSED;
        }
        return switch (state) {
            case "40001", "40P01", "55P03" -> Failure.BUSY;
            case "57014" -> Failure.DEADLINE;
            case "23505" -> Failure.TAKEN;
            case "25006" -> Failure.OUTAGE;
            default ->
                switch (state.substring(0, 2)) {
                    case "23" -> Failure.CONSTRAINT;
                    case "08", "28", "3D", "53", "57", "58", "XX" -> Failure.OUTAGE;
                    default -> Failure.REFUSED;
                };
        };
    }

    @Override
    public boolean hasTable(Connection connection, String name) throws SQLException {
        return Sql.exists(connection, "select 1 from pg_class where relname = ? and relnamespace = current_schema()::regnamespace", name);
    }

    @Override
    public Map<String, String> types() {
        String exact = "text collate \"C\"";
        return Map.of("id", exact, "key", exact, "name", exact, "text", "text", "bytes", "bytea");
    }

    @Override
    public void lockTables(Connection connection) throws SQLException {
        // the number is ours alone by agreement: "hyperspo" in ASCII
        Sql.execute(connection, "select pg_advisory_lock(7528438945163176047)");
    }

    @Override
    public String migrationStart() {
        return "select set_config('hyperspot.scope', '" + EVERYTHING + "', false)";
    }

    @Override
    public void migrated(Connection connection, String module) throws SQLException {
        Sql.execute(connection, POLICY.replace("{module}", module));
        if (server.owner() != null) {
            String user = server.user().name().replace("'", "''");
            Sql.execute(connection, GRANT.replace("{module}", module).replace("{user}", user));
        }
        if (isAboveRowSecurity(connection) && warned.compareAndSet(false, true)) {
            log.warn(
                    "the account {} of {} is above row-level security, so that it is no second line of defence;"
                            + " use one that is neither superuser nor BYPASSRLS",
                    server.user().name(),
                    place());
        }
    }

    private boolean isAboveRowSecurity(Connection connection) throws SQLException {
        return Sql.exists(connection, "select 1 from pg_roles where rolname = ? and (rolsuper or rolbypassrls)", server.user().name());
    }
}
