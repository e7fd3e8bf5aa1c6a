package dev.rondo.internal.loop;

import dev.rondo.EventLoop;
import dev.rondo.internal.fiber.StackRoom;
import dev.rondo.internal.queue.Turn;

import java.util.concurrent.atomic.AtomicBoolean;

/** Work under way outside a loop, for which a clock that can jump stands still. */
public final class TimeHold implements EventLoop.Hold {
    private final LoopCore loop;
    private final AtomicBoolean released = new AtomicBoolean();
    private final Turn wake = Turn.of(() -> {});

    TimeHold(LoopCore loop) {
        this.loop = loop;
        loop.time.holds.incrementAndGet();
    }

    @Override
    public void close() {
        StackRoom.ensure();
        if (!released.getAndSet(true)) {
            loop.time.holds.decrementAndGet();
            loop.post(wake);
        }
    }
}
