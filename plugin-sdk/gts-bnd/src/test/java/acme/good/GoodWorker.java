// SPDX-License-Identifier: Apache-2.0
package acme.good;

import io.hyperspot.modkit.worker.GtsWorker;
import org.osgi.service.component.annotations.Component;

@Component
@GtsWorker(
        type = "gts.acme.core.a.base.v1.2~acme.search.b.engine.v2.3~",
        instance = "gts.acme.core.a.base.v1.2~acme.search.b.engine.v2.3~other.vendor._.{name}.v1",
        priority = 7)
public final class GoodWorker implements Runnable {
    @Override
    public void run() {}
}
