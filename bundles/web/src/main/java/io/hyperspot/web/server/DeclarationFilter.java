// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import java.lang.reflect.Method;
import java.util.Map;
import org.glassfish.jersey.server.ExtendedUriInfo;

/** Authenticates, authorizes and limits as the matched method declares. */
final class DeclarationFilter implements ContainerRequestFilter {
    private final Map<Method, Declaration> declarations;

    DeclarationFilter(Map<Method, Declaration> declarations) {
        this.declarations = declarations;
    }

    @Override
    public void filter(ContainerRequestContext context) {
        var matched = ((ExtendedUriInfo) context.getUriInfo()).getMatchedResourceMethod();
        Method method = matched.getInvocable().getHandlingMethod();
        Declaration declared = declarations.get(method);
        if (declared == null && context.getMethod().equals("OPTIONS")) {
            // the framework's own answer, the methods of the path
            return;
        }
        if (declared == null) {
            throw new ProblemException(
                    ErrorCategory.PERMISSION_DENIED, "NO_POSTURE", "the operation " + method.getName() + " does not declare who may call it");
        }
        Visit visit = JerseyApplication.visit(context);
        ServerLimits limits = JerseyApplication.limits(context);
        visit.operation = declared.template();
        visit.timeout(limits.timeoutNanos(declared.timeout()));
        SecurityContext caller = JerseyApplication.gate(context).pass(visit, declared.posture(), declared.perMinute());
        visit.calledBy(caller);
        visit.enter(declared.bulkhead());
        int maxBody = declared.maxBodyBytes() < 0 ? limits.maxBodyBytes() : declared.maxBodyBytes();
        visit.exchange.admit(caller, context.getUriInfo().getRequestUri().getPath(), maxBody);
        if (declared.requiresIfMatch() && context.getHeaderString("If-Match") == null) {
            throw new ProblemException(
                    ErrorCategory.PRECONDITION_REQUIRED,
                    "IF_MATCH_REQUIRED",
                    "send If-Match with the ETag that the resource had when you read it");
        }
        // anonymous callers cannot be told apart, and would get each other's answers
        if (declared.posture().permission() != null) {
            JerseyApplication.repeats(context).begin(context, visit, caller);
        }
    }
}
