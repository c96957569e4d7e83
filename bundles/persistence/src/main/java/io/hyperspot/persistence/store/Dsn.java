// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the database is, as an operator writes it. */
final class Dsn {
    private static final String SQLITE = "sqlite";
    private static final String MEMORY = "sqlite::memory:";
    private static final int POSTGRES_PORT = 5432;
    private static final int MARIADB_PORT = 3306;
    // what describes the way to a server; whatever else a driver knows could weaken what is relied on here
    private static final Set<String> POSTGRES_PARAMETERS =
            Set.of("sslmode", "sslrootcert", "sslcert", "sslkey", "currentSchema", "ApplicationName", "channelBinding");
    private static final Set<String> MARIADB_PARAMETERS = Set.of("sslMode", "serverSslCert", "keyStore", "keyStoreType");

    private final String text;

    private Dsn(String text) {
        this.text = text;
    }

    /** The accounts and limits that go with it. */
    record Access(
            String user, String password, String ownerUser, String ownerPassword, Duration connect, Duration transaction) {
        @Override
        public String toString() {
            return "Access[user=" + user + ", ownerUser=" + ownerUser + "]";
        }
    }

    /**
     * @throws IllegalArgumentException for anything that is not supported, saying what to write
     */
    static Engine engine(String text, Path home, Access access) {
        return new Dsn(text).engine(home, access);
    }

    private Engine engine(Path home, Access access) {
        if (text.equals(SQLITE)) {
            return new Sqlite(home.resolve("data").resolve("hyperspot.db"));
        }
        if (text.equals(MEMORY)) {
            return new Sqlite(null);
        }
        if (text.startsWith(SQLITE + ":") && text.length() > SQLITE.length() + 1) {
            return new Sqlite(home.resolve(text.substring(SQLITE.length() + 1)));
        }
        URI uri = uri();
        return switch (uri.getScheme()) {
            case "postgresql", "postgres" -> new Postgres(server(uri, POSTGRES_PORT, POSTGRES_PARAMETERS, access));
            case "mariadb" -> new MariaDb(server(uri, MARIADB_PORT, MARIADB_PARAMETERS, access));
            default -> throw refused();
        };
    }

    private URI uri() {
        try {
            URI uri = new URI(text.startsWith("jdbc:") ? text.substring("jdbc:".length()) : text);
            if (uri.getScheme() != null && uri.getHost() != null && uri.getPath().length() > 1) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // said below, without the text: it may hold a password
        }
        throw refused();
    }

    private static IllegalArgumentException refused() {
        return new IllegalArgumentException("modules.persistence.dsn: write 'sqlite', 'sqlite:<path>',"
                + " 'postgresql://<host>[:<port>]/<database>' or 'mariadb://<host>[:<port>]/<database>'");
    }

    private Server server(URI uri, int port, Set<String> known, Access access) {
        @Nullable String info = uri.getUserInfo();
        if (info != null && info.contains(":")) {
            throw new IllegalArgumentException(
                    "modules.persistence.dsn holds a password; write it into modules.persistence.password");
        }
        String user = access.user().isEmpty() && info != null ? info : access.user();
        if (user.isEmpty()) {
            throw new IllegalArgumentException("modules.persistence.user is missing: the account for " + uri.getHost());
        }
        return new Server(
                uri.getHost(),
                uri.getPort() < 0 ? port : uri.getPort(),
                uri.getPath().substring(1),
                parameters(uri, known),
                new Server.Login(user, access.password()),
                access.ownerUser().isEmpty() ? null : new Server.Login(access.ownerUser(), access.ownerPassword()),
                access.connect(),
                // longer than any transaction, which ends by its own deadline
                access.transaction().plusSeconds(5));
    }

    private static Map<String, String> parameters(URI uri, Set<String> known) {
        Map<String, String> parameters = new LinkedHashMap<>();
        String query = uri.getRawQuery();
        for (String each : query == null ? new String[0] : query.split("&")) {
            int equals = each.indexOf('=');
            String name = equals < 0 ? each : each.substring(0, equals);
            if (equals < 0 || !known.contains(name)) {
                throw new IllegalArgumentException("modules.persistence.dsn: the parameter '" + name
                        + "' is not supported; these are: " + String.join(", ", known.stream().sorted().toList()));
            }
            parameters.put(name, URLDecoder.decode(each.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return parameters;
    }
}
