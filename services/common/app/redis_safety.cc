#include "common/app/redis_safety.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/redis/info.h"

namespace plumbline::app {

RedisSafety::RedisSafety(redis::Pool& pool, bool allow_unsafe, Clock& clock)
    : pool_(pool), allow_unsafe_(allow_unsafe), clock_(clock) {}

absl::Status RedisSafety::Ask() {
  ASSIGN_OR_RETURN(const redis::Pool::Lent client, pool_.Borrow());
  return redis::CheckSafety(*client);
}

absl::Status RedisSafety::Learn() {
  absl::Status status = Ask();
  next_ = clock_.Now() + (status.ok() ? kEvery : kEveryIfNot);
  if (absl::IsUnavailable(status)) return status;
  if (status.ok() != verdict_.ok()) {
    if (status.ok()) {
      log::Info("redis.safe_again");
    } else {
      log::Error("redis.unsafe", {{"detail", status.message()}});
    }
  }
  verdict_ = status;
  return status;
}

absl::Status RedisSafety::AtStart() {
  if (allow_unsafe_) return absl::OkStatus();
  absl::Status status = Learn();
  if (absl::IsUnavailable(status)) {
    log::Warning("redis.not_reached", {{"code", absl::StatusCodeToString(status.code())}});
    return absl::OkStatus();
  }
  if (!absl::IsFailedPrecondition(status)) return status;
  return MakeError(status.code(),
                   absl::StrCat(status.message(),
                                ". Mend the server's configuration, or set PLUMBLINE_ALLOW_UNSAFE_REDIS=true: no "
                                "accepted work is lost then, but it may run later, and again"),
                   GetErrorDetail(status).value_or(ErrorDetail{}));
}

absl::Status RedisSafety::Current() {
  if (!allow_unsafe_ && clock_.Now() >= next_) (void)Learn();  // not reached: the verdict stays as it was
  return verdict_;
}

}  // namespace plumbline::app
