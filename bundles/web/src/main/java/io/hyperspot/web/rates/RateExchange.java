// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.rates;

import static io.hyperspot.web.rates.UseTable.USE;

import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.DatabaseException;
import io.hyperspot.persistence.Databases;
import io.hyperspot.persistence.Migration;
import io.hyperspot.persistence.TenantScope;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.Condition;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Tells the other servers of the same database what this one let through, and asks them the same: a row each time there is
 * something to tell, one query each time. A server that starts hears nothing of what was before. Used by one thread.
 */
@Component(service = RateExchange.class)
public final class RateExchange {
    private static final String MODULE = "web";
    private static final TenantScope ALL = TenantScope.platform("limits of all tenants are shared between servers");

    /** Another server that did not ask for so long has other troubles. */
    private static final Duration KEPT = Duration.ofSeconds(60);

    private static final int ROWS = 1000;

    private final String node = UUID.randomUUID().toString();
    private final Database database;
    private final Clock clock;
    private final Map<String, Long> heard = new HashMap<>();
    private boolean started;
    private long tick;
    private long swept;

    @Activate
    public RateExchange(BundleContext context, @Reference Databases databases) {
        this(databases.open(MODULE, Migration.of(context.getBundle(), MODULE)), Clock.systemUTC());
    }

    RateExchange(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * @param used how many requests were let through since the last exchange, by what they were counted for
     * @return the same of the other servers, added up
     * @throws DatabaseException when nothing was told
     */
    public Map<String, Long> exchange(Map<String, Long> used) {
        if (!started) {
            hear();
            started = true;
        }
        if (!used.isEmpty()) {
            tell(used);
        }
        return hear();
    }

    private void tell(Map<String, Long> used) {
        long now = clock.millis();
        UseTable.Row row = new UseTable.Row();
        row.set(USE.node, node);
        // a number is used once, also when nobody knows whether it was written
        row.set(USE.tick, ++tick);
        row.set(USE.used, Use.write(used));
        row.set(USE.toldAt, now);
        boolean sweep = now - swept >= KEPT.toMillis() / 2;
        database.<Boolean>write(ALL, rows -> {
            rows.insert(row);
            if (sweep) {
                rows.delete(USE, USE.toldAt.lt(now - KEPT.toMillis()));
            }
            return true;
        });
        if (sweep) {
            swept = now;
        }
    }

    private Map<String, Long> hear() {
        Condition others = USE.node.ne(node);
        for (Map.Entry<String, Long> last : heard.entrySet()) {
            others = others.and(USE.node.ne(last.getKey()).or(USE.tick.gt(last.getValue())));
        }
        Condition news = others;
        List<UseTable.Row> rows = database.<List<UseTable.Row>>read(
                ALL, reading -> reading.from(USE).where(news).orderBy(USE.toldAt, USE.tick).limit(ROWS).fetch());
        Map<String, Long> sum = new HashMap<>();
        for (UseTable.Row row : rows) {
            heard.merge(row.get(USE.node), row.get(USE.tick), Math::max);
            Use.read(row.get(USE.used)).forEach((name, count) -> sum.merge(name, count, Long::sum));
        }
        return sum;
    }
}
