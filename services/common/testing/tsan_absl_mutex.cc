// ThreadSanitizer builds only. Debian's Abseil is not instrumented, so ThreadSanitizer does not see that absl::Mutex
// orders accesses and reports every guarded object as a race. These functions stand before the library's own, tell
// ThreadSanitizer of each lock and unlock, and call the library. While the library runs, reads are ignored: it
// evaluates the conditions of other waiters there, with the lock held.
#include <dlfcn.h>

#include <cstdint>

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

extern "C" {
void __tsan_mutex_pre_lock(void* mutex, unsigned flags);
void __tsan_mutex_post_lock(void* mutex, unsigned flags, int recursion);
int __tsan_mutex_pre_unlock(void* mutex, unsigned flags);
void __tsan_mutex_post_unlock(void* mutex, unsigned flags);
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
}

namespace {

constexpr unsigned kWrite = 0;
constexpr unsigned kRead = 1u << 3;       // __tsan_mutex_read_lock
constexpr unsigned kTry = 1u << 4;        // __tsan_mutex_try_lock
constexpr unsigned kTryFailed = 1u << 5;  // __tsan_mutex_try_lock_failed

// The library's functions call each other: only the outermost call counts. Aligned, because mold 1.10 starts the memory
// to be protected at the first thread-local byte: alone at the end of a page, it would lie in a page that is not
// mapped, and the program would not start.
alignas(16) thread_local bool inside = false;

template <typename Function>
Function Next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

struct InLibrary {
  InLibrary() {
    inside = true;
    AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
  }
  ~InLibrary() {
    AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
    inside = false;
  }
};

template <typename Call>
auto Locking(void* mutex, unsigned kind, Call call) {
  __tsan_mutex_pre_lock(mutex, kind);
  struct Post {
    void* mutex;
    unsigned kind;
    ~Post() { __tsan_mutex_post_lock(mutex, kind, 0); }
  } post{mutex, kind};
  const InLibrary in_library;
  return call();
}

template <typename Call>
auto Waiting(void* mutex, Call call) {  // gives the mutex up and takes it again
  __tsan_mutex_pre_unlock(mutex, kWrite);
  __tsan_mutex_post_unlock(mutex, kWrite);
  return Locking(mutex, kWrite, call);
}

template <typename Call>
void Unlocking(void* mutex, unsigned kind, Call call) {
  __tsan_mutex_pre_unlock(mutex, kind);
  {
    const InLibrary in_library;
    call();
  }
  __tsan_mutex_post_unlock(mutex, kind);
}

template <typename Call>
bool Trying(void* mutex, unsigned kind, Call call) {
  __tsan_mutex_pre_lock(mutex, kind | kTry);
  const bool locked = [&] {
    const InLibrary in_library;
    return call();
  }();
  __tsan_mutex_post_lock(mutex, kind | kTry | (locked ? 0u : kTryFailed), 0);
  return locked;
}

}  // namespace

extern "C" {

void plumbline_mutex_lock(void* self) __asm__("_ZN4absl7debian35Mutex4LockEv");
void plumbline_mutex_lock(void* self) {
  static const auto real = Next<void (*)(void* self)>("_ZN4absl7debian35Mutex4LockEv");
  if (inside) return real(self);
  Locking(self, kWrite, [&] { return real(self); });
}

void plumbline_mutex_unlock(void* self) __asm__("_ZN4absl7debian35Mutex6UnlockEv");
void plumbline_mutex_unlock(void* self) {
  static const auto real = Next<void (*)(void* self)>("_ZN4absl7debian35Mutex6UnlockEv");
  if (inside) return real(self);
  Unlocking(self, kWrite, [&] { real(self); });
}

bool plumbline_mutex_try_lock(void* self) __asm__("_ZN4absl7debian35Mutex7TryLockEv");
bool plumbline_mutex_try_lock(void* self) {
  static const auto real = Next<bool (*)(void* self)>("_ZN4absl7debian35Mutex7TryLockEv");
  if (inside) return real(self);
  return Trying(self, kWrite, [&] { return real(self); });
}

void plumbline_mutex_reader_lock(void* self) __asm__("_ZN4absl7debian35Mutex10ReaderLockEv");
void plumbline_mutex_reader_lock(void* self) {
  static const auto real = Next<void (*)(void* self)>("_ZN4absl7debian35Mutex10ReaderLockEv");
  if (inside) return real(self);
  Locking(self, kRead, [&] { return real(self); });
}

void plumbline_mutex_reader_unlock(void* self) __asm__("_ZN4absl7debian35Mutex12ReaderUnlockEv");
void plumbline_mutex_reader_unlock(void* self) {
  static const auto real = Next<void (*)(void* self)>("_ZN4absl7debian35Mutex12ReaderUnlockEv");
  if (inside) return real(self);
  Unlocking(self, kRead, [&] { real(self); });
}

bool plumbline_mutex_reader_try_lock(void* self) __asm__("_ZN4absl7debian35Mutex13ReaderTryLockEv");
bool plumbline_mutex_reader_try_lock(void* self) {
  static const auto real = Next<bool (*)(void* self)>("_ZN4absl7debian35Mutex13ReaderTryLockEv");
  if (inside) return real(self);
  return Trying(self, kRead, [&] { return real(self); });
}

void plumbline_mutex_lock_when(void* self, const absl::Condition& condition) __asm__(
    "_ZN4absl7debian35Mutex8LockWhenERKNS0_9ConditionE");
void plumbline_mutex_lock_when(void* self, const absl::Condition& condition) {
  static const auto real =
      Next<void (*)(void* self, const absl::Condition& condition)>("_ZN4absl7debian35Mutex8LockWhenERKNS0_9ConditionE");
  if (inside) return real(self, condition);
  Locking(self, kWrite, [&] { return real(self, condition); });
}

void plumbline_mutex_await(void* self,
                           const absl::Condition& condition) __asm__("_ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE");
void plumbline_mutex_await(void* self, const absl::Condition& condition) {
  static const auto real =
      Next<void (*)(void* self, const absl::Condition& condition)>("_ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE");
  if (inside) return real(self, condition);
  Waiting(self, [&] { real(self, condition); });
}

bool plumbline_mutex_await_timeout(void* self, const absl::Condition& condition, absl::Duration timeout) __asm__(
    "_ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE");
bool plumbline_mutex_await_timeout(void* self, const absl::Condition& condition, absl::Duration timeout) {
  static const auto real = Next<bool (*)(void* self, const absl::Condition& condition, absl::Duration timeout)>(
      "_ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE");
  if (inside) return real(self, condition, timeout);
  return Waiting(self, [&] { return real(self, condition, timeout); });
}

bool plumbline_mutex_await_deadline(void* self, const absl::Condition& condition, absl::Time deadline) __asm__(
    "_ZN4absl7debian35Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE");
bool plumbline_mutex_await_deadline(void* self, const absl::Condition& condition, absl::Time deadline) {
  static const auto real = Next<bool (*)(void* self, const absl::Condition& condition, absl::Time deadline)>(
      "_ZN4absl7debian35Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE");
  if (inside) return real(self, condition, deadline);
  return Waiting(self, [&] { return real(self, condition, deadline); });
}

bool plumbline_mutex_lock_when_timeout(void* self, const absl::Condition& condition, absl::Duration timeout) __asm__(
    "_ZN4absl7debian35Mutex19LockWhenWithTimeoutERKNS0_9ConditionENS0_8DurationE");
bool plumbline_mutex_lock_when_timeout(void* self, const absl::Condition& condition, absl::Duration timeout) {
  static const auto real = Next<bool (*)(void* self, const absl::Condition& condition, absl::Duration timeout)>(
      "_ZN4absl7debian35Mutex19LockWhenWithTimeoutERKNS0_9ConditionENS0_8DurationE");
  if (inside) return real(self, condition, timeout);
  return Locking(self, kWrite, [&] { return real(self, condition, timeout); });
}

bool plumbline_mutex_lock_when_deadline(void* self, const absl::Condition& condition, absl::Time deadline) __asm__(
    "_ZN4absl7debian35Mutex20LockWhenWithDeadlineERKNS0_9ConditionENS0_4TimeE");
bool plumbline_mutex_lock_when_deadline(void* self, const absl::Condition& condition, absl::Time deadline) {
  static const auto real = Next<bool (*)(void* self, const absl::Condition& condition, absl::Time deadline)>(
      "_ZN4absl7debian35Mutex20LockWhenWithDeadlineERKNS0_9ConditionENS0_4TimeE");
  if (inside) return real(self, condition, deadline);
  return Locking(self, kWrite, [&] { return real(self, condition, deadline); });
}

void plumbline_condvar_wait(void* self, void* mutex) __asm__("_ZN4absl7debian37CondVar4WaitEPNS0_5MutexE");
void plumbline_condvar_wait(void* self, void* mutex) {
  static const auto real = Next<void (*)(void* self, void* mutex)>("_ZN4absl7debian37CondVar4WaitEPNS0_5MutexE");
  if (inside) return real(self, mutex);
  Waiting(mutex, [&] { real(self, mutex); });
}

bool plumbline_condvar_wait_timeout(void* self, void* mutex, absl::Duration timeout) __asm__(
    "_ZN4absl7debian37CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE");
bool plumbline_condvar_wait_timeout(void* self, void* mutex, absl::Duration timeout) {
  static const auto real = Next<bool (*)(void* self, void* mutex, absl::Duration timeout)>(
      "_ZN4absl7debian37CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE");
  if (inside) return real(self, mutex, timeout);
  return Waiting(mutex, [&] { return real(self, mutex, timeout); });
}

bool plumbline_condvar_wait_deadline(void* self, void* mutex, absl::Time deadline) __asm__(
    "_ZN4absl7debian37CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE");
bool plumbline_condvar_wait_deadline(void* self, void* mutex, absl::Time deadline) {
  static const auto real = Next<bool (*)(void* self, void* mutex, absl::Time deadline)>(
      "_ZN4absl7debian37CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE");
  if (inside) return real(self, mutex, deadline);
  return Waiting(mutex, [&] { return real(self, mutex, deadline); });
}

}  // extern "C"
