// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import io.hyperspot.credstore.ConfiguredSecrets;
import io.hyperspot.security.spi.Identity;
import io.hyperspot.security.spi.PasswordWorker.Attempt;
import io.hyperspot.security.spi.Recognition;
import io.hyperspot.security.spi.Recognition.Recognized;
import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Workers configured as Declarative Services would, with a clock that is set. */
final class Fixture implements AutoCloseable {
    static final String TENANT = "0192f0c1-2345-7000-8000-00000000000a";
    static final String WRONG = "the name or the password is wrong";
    static final String LATER = "the directory cannot be asked now; try again in a moment";

    private final AtomicLong ahead = new AtomicLong();
    private final List<Runnable> ends = new ArrayList<>();

    void forward(Duration more) {
        ahead.addAndGet(more.toNanos());
    }

    LdapPasswordWorker worker(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.putIfAbsent("user_base", TestDirectory.PEOPLE);
        all.putIfAbsent("bind_dn", TestDirectory.READER);
        all.putIfAbsent("bind_password", TestDirectory.READER_PASSWORD);
        all.putIfAbsent("refusal_millis", 0);
        all.putIfAbsent("timeout_seconds", 3);
        all.putIfAbsent("wait_seconds", 30);
        if (!all.containsKey("tenant_attribute")) {
            all.putIfAbsent("tenant", TENANT);
        }
        LdapPasswordWorker worker = new LdapPasswordWorker(
                ConfiguredSecrets.literal(), config(all), Map.of("instance.name", "acme"), () -> System.nanoTime() + ahead.get());
        ends.add(worker::close);
        return worker;
    }

    static LdapConfig config(Map<String, Object> settings) {
        return (LdapConfig) Proxy.newProxyInstance(
                LdapConfig.class.getClassLoader(), new Class<?>[] {LdapConfig.class}, (proxy, method, args) -> {
                    if (method.getDeclaringClass() == Annotation.class || method.getDeclaringClass() == Object.class) {
                        return method.getName();
                    }
                    Object value = settings.get(method.getName().replaceFirst("^_", "").replace("__", "_"));
                    return value == null ? method.getDefaultValue() : value;
                });
    }

    static Attempt attempt(String name, String password) {
        return new Attempt(name, password.toCharArray(), null, "192.0.2.1");
    }

    static Recognition login(LdapPasswordWorker worker, String name, String password) {
        return worker.check(attempt(name, password));
    }

    /** Of somebody who must have been let in. */
    static Identity identity(LdapPasswordWorker worker, String name, String password) {
        Recognition recognition = login(worker, name, password);
        if (recognition instanceof Recognized(Identity identity, var until)) {
            assert until != null;
            return identity;
        }
        throw new AssertionError("not let in: " + recognition);
    }

    /** Settings of these names and values. */
    static Map<String, Object> settings(@Nullable Object... pairs) {
        Map<String, Object> all = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            all.put(String.valueOf(pairs[i]), java.util.Objects.requireNonNull(pairs[i + 1]));
        }
        return all;
    }

    @Override
    public void close() {
        ends.forEach(Runnable::run);
    }
}
