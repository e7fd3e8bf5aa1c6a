package dev.rondo.sync;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;

/** {@code shutdown}, and what ends with it: {@code join} and iterations. */
class AsyncQueueShutdownTest extends QueueTrail {
    @Test
    void join_waitsUntilAllThatWasPutIsDone() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.unbounded();
            queue.put(1);
            queue.put(2);
            for (int i = 0; i < 2; i++) {
                createTask(() -> {
                    queue.join();
                    trail.add("joined");
                });
            }
            yieldNow();
            for (int i = 1; i <= 2; i++) {
                queue.get();
                sleep(ofSeconds(1));
                trail.add("done");
                queue.taskDone();
            }
            assertThatThrownBy(queue::taskDone)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("more often");
            yieldNow();
        });
        assertThat(trail).containsExactly("done", "done", "joined", "joined");
    }

    @Test
    void shutdown_refusesWhoPuts_letsWhatIsInBeTaken_thenRefusesWhoGets() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = new AsyncQueue<>(2);
            queue.put(1);
            queue.put(2);
            putting(queue, 3);
            yieldNow();
            queue.shutdown();
            assertThat(queue.isShutDown()).isTrue();
            assertThatThrownBy(() -> queue.put(4)).isInstanceOf(AsyncQueueShutDownException.class);
            assertThatThrownBy(() -> queue.tryPut(4))
                    .isInstanceOf(AsyncQueueShutDownException.class)
                    .hasMessage("AsyncQueue[2 of 2, 2 unfinished, shut down] takes nothing more");
            trail.add(queue.get());
            trail.add(queue.tryGet());
            assertThat(queue.tryGet()).isNull();
            assertThatThrownBy(queue::get)
                    .isInstanceOf(AsyncQueueShutDownException.class)
                    .hasMessageContaining("nothing left");
            yieldNow();
        });
        assertThat(trail).containsExactly(1, 2, "put3 refused");
    }

    @Test
    void shutdownOfAnEmptyQueue_refusesWhoWaitsToGet_butNotWhoWasPromisedAnItem() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.unbounded();
            getting(queue, "a");
            getting(queue, "b");
            yieldNow();
            queue.put(1);
            queue.shutdown();
            sleep(ofSeconds(1));
        });
        assertThat(trail).containsExactly("a1", "b refused");
    }

    @Test
    void onePromisedAPlaceWhenItIsShutDown_isRefused() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = new AsyncQueue<>(1);
            queue.put(1);
            putting(queue, 2);
            yieldNow();
            queue.tryGet();
            queue.shutdown();
            yieldNow();
            assertThat(queue.size()).isZero();
        });
        assertThat(trail).containsExactly("put2 refused");
    }

    @Test
    void oneCancelledWithAPromiseWhenItIsShutDown_leavesTheItemForOthers() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.unbounded();
            Task<?> a = getting(queue, "a");
            yieldNow();
            queue.put(1);
            queue.shutdown();
            a.cancel();
            yieldNow();
            assertThat(queue.get()).isEqualTo(1);
        });
        assertThat(trail).isEmpty();
    }

    @Test
    void shutdownImmediate_dropsAllAsDone_refusesThosePromisedOne_andWhatIsWorkedOnStillCounts() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.unbounded();
            queue.put(0);
            queue.get();
            getting(queue, "a");
            Task<?> cancelled = getting(queue, "b");
            createTask(() -> {
                queue.join();
                trail.add("joined");
            });
            yieldNow();
            queue.put(1);
            queue.put(2);
            queue.put(3);
            queue.shutdown(true);
            cancelled.cancel();
            assertThat(queue.toString()).isEqualTo("AsyncQueue[0, 1 unfinished, shut down]");
            sleep(ofSeconds(1));
            assertThat(queue.tryGet()).isNull();
            assertThatThrownBy(queue::get).isInstanceOf(AsyncQueueShutDownException.class);
            trail.add("done");
            queue.taskDone();
            yieldNow();
        });
        assertThat(trail).containsExactly("a refused", "done", "joined");
    }

    @Test
    void aSecondShutdown_mayDropWhatTheFirstHasLeft_andEndsJoin() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.unbounded();
            queue.put(1);
            Task<?> joining = createTask(queue::join);
            yieldNow();
            queue.shutdown();
            queue.shutdown(true);
            queue.shutdown();
            joining.await();
            assertThat(queue.size()).isZero();
            assertThatThrownBy(queue::taskDone).isInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    void severalIterate_eachItemGoesToOne_andAllEndAtShutdown() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = new AsyncQueue<>(2);
            List<Task<Void>> consumers = new ArrayList<>();
            for (String name : List.of("a", "b", "c")) {
                consumers.add(
                        createTask(() -> {
                            for (int item : queue) {
                                trail.add(item);
                                sleep(ofSeconds(1));
                                queue.taskDone();
                            }
                            trail.add(name + " ends");
                        }));
            }
            for (int i = 1; i <= 7; i++) {
                queue.put(i);
            }
            queue.shutdown();
            queue.join();
            gather(consumers).await();
        });
        assertThat(trail).containsExactly(1, 2, 3, 4, 5, 6, 7, "b ends", "c ends", "a ends");
    }

    @Test
    void anIteration_thatIsCancelledOrBroken_takesNothingMore() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.unbounded();
            queue.put(1);
            queue.put(2);
            for (int item : queue) {
                trail.add(item);
                break;
            }
            Iterator<Integer> items = queue.iterator();
            assertThat(items.hasNext()).isTrue();
            assertThat(items.hasNext()).isTrue();
            assertThat(items.next()).isEqualTo(2);
            queue.put(3);
            assertThat(items.next()).isEqualTo(3);
            Task<?> iterating = createTask(() -> queue.forEach(trail::add));
            yieldNow();
            queue.put(4);
            iterating.cancel();
            yieldNow();
            assertThat(queue.tryGet()).isEqualTo(4);
            queue.shutdown();
            assertThat(items.hasNext()).isFalse();
            assertThatThrownBy(items::next).isInstanceOf(NoSuchElementException.class);
        });
        assertThat(trail).containsExactly(1);
    }
}
