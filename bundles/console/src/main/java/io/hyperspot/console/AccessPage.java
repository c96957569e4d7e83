// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import jakarta.servlet.Servlet;
import org.osgi.service.component.annotations.Component;

/** The page of the console for tenants, keys, roles and the audit trail. */
@Component(
        service = Servlet.class,
        property = {
            "felix.webconsole.label=access",
            "felix.webconsole.title=Access",
            "felix.webconsole.category=HyperSpot"
        })
public final class AccessPage extends ApiPage {
    private static final long serialVersionUID = 1L;

    public AccessPage() {
        super("access");
    }
}
