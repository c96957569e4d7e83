// SPDX-License-Identifier: Apache-2.0
package acme.good;

import io.hyperspot.modkit.worker.GtsWorker;
import org.osgi.service.component.annotations.Component;

@Component(property = "service.ranking:Integer=5")
@GtsWorker(type = "gts.acme.core.a.base.v1~", instance = "gts.acme.core.a.base.v1~acme.plain._.one.v1")
public final class PlainWorker implements Runnable {
    @Override
    public void run() {}
}
