// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.STATIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;

/** Rules for the classes of one bundle, or of all. */
public final class ArchitectureRules {
    private ArchitectureRules() {}

    /** The domain of a module knows neither its surfaces nor its storage, nor the libraries for them. */
    public static ArchRule domainIsPlain() {
        return noClasses()
                .that()
                .resideInAPackage("..domain..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "..rest..",
                        "..storage..",
                        "jakarta.ws.rs..",
                        "jakarta.servlet..",
                        "java.sql..",
                        "javax.sql..",
                        "org.jooq..",
                        "java.net.http..",
                        "org.osgi.framework..",
                        "org.osgi.service..")
                .allowEmptyShould(true)
                .because("the domain must be readable and testable alone");
    }

    /** A bundle's classes use their own packages, contracts and libraries, never another bundle's inside. */
    public static ArchRule staysInside(Set<String> ownPackages, Set<String> contractPackages) {
        return noClasses()
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are inside another bundle of ours",
                        (JavaClass target) -> target.getPackageName().startsWith("io.hyperspot.")
                                && !ownPackages.contains(target.getPackageName())
                                && !contractPackages.contains(target.getPackageName())))
                .allowEmptyShould(true)
                .because("bundles meet in contracts only");
    }

    /** Everything goes out by the http-client bundle. */
    public static ArchRule opensNoConnection() {
        return noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.net.Socket")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.net.http.HttpClient")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.net.HttpURLConnection")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.nio.channels.SocketChannel")
                .allowEmptyShould(true)
                .because("outbound calls need the deadlines and the guard of the http-client bundle");
    }

    /** Child processes are the process bundle's. */
    public static ArchRule startsNoProcess() {
        return noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.ProcessBuilder")
                .orShould()
                .callMethod(Runtime.class, "exec", String.class)
                .allowEmptyShould(true)
                .because("the process bundle limits, restarts and ends children");
    }

    /** Connections to databases are the persistence bundle's; a row that it hands out may be read. */
    public static ArchRule opensNoDatabase() {
        return noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.sql..", "javax.sql..", "com.zaxxer..", "org.sqlite..")
                        .and(not(belongToAnyOf(ResultSet.class, SQLException.class))))
                .allowEmptyShould(true)
                .because("data is reached through a tenant scope");
    }

    /** What is said goes to the log. */
    public static ArchRule logsBySlf4j() {
        return noClasses()
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .allowEmptyShould(true)
                .because("an operator reads one log");
    }

    /** No state outlives a bundle in a static field. */
    public static ArchRule keepsNoStaticState() {
        return fields()
                .that()
                .areStatic()
                .and(DescribedPredicate.describe(
                        "are not made by the compiler", field -> !field.getName().contains("$")))
                .should()
                .beFinal()
                .allowEmptyShould(true)
                .because("what is static and changes is shared by everyone and leaks with its loader");
    }

    /** Virtual threads are started, never pooled. */
    public static ArchRule poolsNoThreads() {
        return noClasses()
                .should()
                .callMethod(java.util.concurrent.Executors.class, "newFixedThreadPool", int.class)
                .orShould()
                .callMethod(java.util.concurrent.Executors.class, "newCachedThreadPool")
                .orShould()
                .callMethod(java.util.concurrent.Executors.class, "newWorkStealingPool")
                .allowEmptyShould(true)
                .because("requests run on virtual threads, and a pool hides queues without a bound");
    }

    /** Components get what they need by their constructor. */
    public static ArchRule injectsByConstructor() {
        return noFields()
                .should()
                .beAnnotatedWith("org.osgi.service.component.annotations.Reference")
                .allowEmptyShould(true)
                .because("a field that is injected cannot be final");
    }

    /** Loggers are constants. */
    public static ArchRule loggersAreConstants() {
        return fields()
                .that()
                .haveRawType("org.slf4j.Logger")
                .should()
                .haveModifier(STATIC)
                .andShould()
                .haveModifier(FINAL)
                .allowEmptyShould(true);
    }
}
