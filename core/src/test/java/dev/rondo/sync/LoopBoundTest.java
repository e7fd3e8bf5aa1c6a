package dev.rondo.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rondo.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** To which loop a primitive belongs, seen from other threads. */
class LoopBoundTest {
    @Test
    void fromElsewhere_itTellsWhoseItIs_andReadsNothingThatItsLoopMayWrite() {
        AsyncLock lock = new AsyncLock();
        try (EventLoop owner = EventLoop.start("owner");
                EventLoop other = EventLoop.start("other")) {
            owner.submit(lock::acquire).join();
            assertThat(lock.toString()).isEqualTo("AsyncLock[of EventLoop[owner, started]]");
            assertThatThrownBy(other.submit(lock::acquire)::join)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith(
                            "AsyncLock[of EventLoop[owner, started]] belongs to the loop that used"
                                    + " it first, not to EventLoop[other, started]");
        }
        assertThat(lock.toString()).startsWith("AsyncLock[held by Task-1");
    }

    @Test
    void aPrimitiveOfEachKind_isRefusedOnAnotherLoop_asLongAsItsOwnIsOpen() {
        AsyncSemaphore semaphore = new AsyncSemaphore(1);
        AsyncBarrier barrier = new AsyncBarrier(1);
        try (EventLoop open = EventLoop.create()) {
            open.run(() -> {
                semaphore.with(() -> {});
                barrier.await();
            });
            for (Action use : List.<Action>of(semaphore::acquire, barrier::await)) {
                assertThatThrownBy(() -> Async.run(use))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("belongs to the loop that used it first");
            }
        }
    }

    @Test
    void ofTwoLoopsThatUseItAtOnce_oneHasIt() {
        try (EventLoop a = EventLoop.start("a");
                EventLoop b = EventLoop.start("b")) {
            for (int round = 0; round < 2_000; round++) {
                AsyncLock lock = new AsyncLock();
                CyclicBarrier together = new CyclicBarrier(2);
                List<Task<Integer>> tasks = new ArrayList<>();
                for (EventLoop loop : List.of(a, b)) {
                    tasks.add(
                            loop.submit(() -> {
                                together.await();
                                try {
                                    return lock.tryAcquire() ? 1 : 0;
                                } catch (IllegalStateException e) {
                                    return 10;
                                }
                            }));
                }
                assertThat(tasks.get(0).join() + tasks.get(1).join()).isEqualTo(11);
            }
        }
    }
}
