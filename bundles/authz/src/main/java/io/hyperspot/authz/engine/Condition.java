// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.engine;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import io.hyperspot.authz.AccessRequest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;

/**
 * A CEL expression over {@code subject}, {@code action}, {@code resource} and {@code context}. Without
 * macros that iterate: what it costs is bounded by its length.
 */
final class Condition {
    private static final int LONGEST = 2000;

    /** The classes of the language are loaded with the first policy that has a condition. */
    private static final class Language {
        private static final MapType MAP = MapType.create(SimpleType.STRING, SimpleType.DYN);
        private static final Cel CEL = CelFactory.plannerCelBuilder()
                .setOptions(CelOptions.current()
                        .enableHeterogeneousNumericComparisons(true)
                        .maxExpressionCodePointSize(LONGEST)
                        .maxParseRecursionDepth(32)
                        .build())
                .setStandardMacros(CelStandardMacro.HAS)
                .addVar("subject", MAP)
                .addVar("action", SimpleType.STRING)
                .addVar("resource", MAP)
                .addVar("context", MAP)
                .setResultType(SimpleType.BOOL)
                .build();
    }

    private final CelRuntime.Program program;

    private Condition(CelRuntime.Program program) {
        this.program = program;
    }

    /**
     * @throws IllegalArgumentException when it is no expression that gives true or false
     */
    static Condition parse(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("a condition has at most " + LONGEST + " characters");
        }
        try {
            return new Condition(Language.CEL.createProgram(Language.CEL.compile(text).getAst()));
        } catch (CelValidationException | CelEvaluationException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * @throws CelEvaluationException when it cannot be told, for example for a property that is not there
     */
    boolean holds(AccessRequest request, Instant now) throws CelEvaluationException {
        return Boolean.TRUE.equals(program.eval(variables(request, now)));
    }

    private static Map<String, Object> variables(AccessRequest request, Instant now) {
        ZonedDateTime time = now.atZone(ZoneOffset.UTC);
        AccessRequest.Subject subject = request.subject();
        AccessRequest.Resource resource = request.resource();
        AccessRequest.Context context = request.context();
        return Map.of(
                "subject",
                Map.of(
                        "id", subject.id(),
                        "type", subject.type(),
                        "groups", subject.groups(),
                        "properties", subject.properties()),
                "action",
                request.action(),
                "resource",
                Map.of(
                        "type", resource.type().toString(),
                        "id", resource.id() == null ? "" : resource.id(),
                        "properties", resource.properties()),
                "context",
                Map.of(
                        "tenant", context.tenant().toString(),
                        "address", context.address() == null ? "" : context.address().getHostAddress(),
                        "time", now.toString(),
                        "hour", (long) time.getHour(),
                        "weekday", (long) time.getDayOfWeek().getValue()));
    }
}
