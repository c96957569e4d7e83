// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import jakarta.servlet.Servlet;
import org.osgi.service.component.annotations.Component;

/** The page of the console for models: their providers' health, what calls use and cost, and a box to try one. */
@Component(
        service = Servlet.class,
        property = {
            "felix.webconsole.label=models",
            "felix.webconsole.title=Models",
            "felix.webconsole.category=HyperSpot"
        })
public final class ModelsPage extends ApiPage {
    private static final long serialVersionUID = 1L;

    public ModelsPage() {
        super("models");
    }
}
