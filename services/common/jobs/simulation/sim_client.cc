#include "common/jobs/simulation/sim_client.h"

#include "absl/strings/str_cat.h"

namespace plumbline::jobs::simulation {

SimClient::SimClient(const Cast& cast, const std::string& name, int first_request, int requests)
    : cast_(cast),
      process_{.name = name, .dead = false, .paused_until = 0, .skew = {}, .locked = false, .on_death = nullptr},
      clock_(cast.stage.scheduler, process_),
      queue_(cast.stage, process_, cast.redis, cast.scenario.redis),
      record_(cast.stage, process_, cast.record, cast.scenario.database),
      submitter_(queue_, clock_),
      next_(first_request),
      left_(requests) {}

void SimClient::Start() {
  cast_.stage.scheduler.Spawn(process_, "asks", 0, [this] { Live(); });
  cast_.stage.scheduler.Spawn(process_, "mends", 0, [this] { Mend(); });
}

void SimClient::Live() {
  Stage& stage = cast_.stage;
  const absl::Duration spread = cast_.scenario.trouble / cast_.scenario.requests;
  while (left_ > 0 && !process_.dead) {
    if (!stage.calm) stage.scheduler.Sleep(stage.random.Between(absl::ZeroDuration(), spread));
    const std::string id = Ask();
    if (id.empty()) continue;  // refused, or this process is dead
    if (!stage.calm && stage.random.Chance(cast_.scenario.cancels)) ChangeMind(id);
  }
}

// The id of the operation once the request was answered; empty when it was refused or this process died first.
std::string SimClient::Ask() {
  Stage& stage = cast_.stage;
  const std::string request = absl::StrCat("r", next_++);
  --left_;
  for (int attempt = 1; !process_.dead; ++attempt) {
    if (absl::IsResourceExhausted(submitter_.Admit(1))) {
      stage.scheduler.Sleep(absl::Seconds(1));
      continue;
    }
    // Every attempt would record an operation under a name of its own, were the request not recognised.
    const OperationDraft draft = cast_.work.Draw(absl::StrCat("op-", request, "-", attempt), clock_.Now());
    const Mutation mutation = {.actor = "client",
                               .method = "Create",
                               .request_id = stage.bug == Bug::kNoRequestId ? "" : request,
                               .request_digest = request,
                               .now = clock_.Now()};
    const auto id = record_.Write(mutation, draft, request);
    if (id.ok()) {
      cast_.record.checker().Promised(*id);
      if (*id == draft.id) submitter_.Submit(draft);
      return *id;
    }
    if (absl::IsAlreadyExists(id.status())) return "";  // another operation holds its unique key
    stage.scheduler.Sleep(absl::Seconds(1));
  }
  return "";
}

void SimClient::ChangeMind(const std::string& id) {
  Stage& stage = cast_.stage;
  stage.scheduler.Sleep(stage.random.Between(absl::ZeroDuration(), absl::Seconds(10)));
  if (process_.dead) return;
  stage.Count(Fault::kCancel);
  const std::vector<std::string> unfinished = cast_.record.checker().Unfinished();
  const bool any = !unfinished.empty() && stage.random.Chance(0.5);
  (void)record_.RequestCancel(any ? unfinished[stage.random.Pick(unfinished.size())] : id, clock_.Now(), "person");
}

void SimClient::Mend() {
  Stage& stage = cast_.stage;
  while (!stage.calm && !process_.dead) {
    stage.scheduler.Sleep(stage.random.Between(absl::ZeroDuration(), absl::Seconds(20)));
    const auto dead = record_.ListDead(10, "");
    if (!dead.ok() || dead->operations.empty() || stage.calm) continue;
    stage.Count(Fault::kRequeue);
    (void)record_.Requeue(dead->operations[stage.random.Pick(dead->operations.size())].id, clock_.Now(), "person");
  }
}

}  // namespace plumbline::jobs::simulation
