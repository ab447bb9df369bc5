#include "common/jobs/simulation/work.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::jobs::simulation {
namespace {

constexpr char kKind[] = "simulation.work";

std::string PayloadOf(const std::string& id) { return absl::StrCat("do ", id); }

}  // namespace

OperationDraft Work::Draw(const std::string& id, absl::Time now, bool child) {
  Random& random = stage_.random;
  Plan& plan = plans_[id];
  plan.steps = random.Between(0, 4);
  plan.deaf = random.Chance(scenario_.deaf);
  if (!child && random.Chance(scenario_.parents)) plan.children = random.Between(1, scenario_.most_children);
  OperationDraft draft;
  draft.id = id;
  draft.kind = kKind;
  draft.payload = PayloadOf(id);
  draft.target = "";
  draft.priority = random.Between(Job::kMinPriority, Job::kMaxPriority);
  if (!child && random.Chance(scenario_.unique)) draft.unique_key = absl::StrCat("key", random.Below(2));
  if (random.Chance(scenario_.delayed))
    draft.not_before = now + random.Between(absl::ZeroDuration(), absl::Seconds(30));
  return draft;
}

HandlerMap Work::Handlers(RecordLine& record, Clock& clock) {
  RetryPolicy retry;
  retry.cap = absl::Seconds(10);
  retry.max_attempts = 4;
  const auto handler = [this, &record, &clock](JobContext& context) {
    absl::Status status = Run(context, record, clock);
    if (!status.ok()) stage_.scheduler.PassGate();
    return status;
  };
  return {{kKind, JobKind(handler, retry)}};
}

// Holds unless some clock was set wrong: then "not before" is as wrong as that clock.
void Work::CheckStart(const Operation& operation) {
  const auto happened = [this](Fault fault) { return stage_.counts[static_cast<size_t>(fault)] > 0; };
  if (operation.payload != PayloadOf(operation.id))
    stage_.violation(absl::StrCat("handler: payload of ", operation.id));
  if (stage_.scheduler.Now() >= operation.not_before) return;
  if (happened(Fault::kClockSkewed) || happened(Fault::kRedisClockSet)) return;
  stage_.violation(absl::StrCat("handler: ", operation.id, " runs before its time"));
}

absl::Status Work::Run(JobContext& context, RecordLine& record, Clock& clock) {
  const Operation& operation = context.operation();
  const Plan& plan = plans_.at(operation.id);
  const Claim claim = context.claim();
  CheckStart(operation);
  RETURN_IF_ERROR(Toil(plan, context));
  RETURN_IF_ERROR(MaybeFail());
  if (plan.children > 0 && !operation.children_done) return FanOut(plan, claim, record, clock);
  if (plan.children > 0) RETURN_IF_ERROR(CheckJoin(plan, claim, record));
  return record.Commit(claim, clock.Now());
}

absl::Status Work::Toil(const Plan& plan, JobContext& context) {
  for (int step = 0; step < plan.steps; ++step) {
    stage_.scheduler.Sleep(stage_.random.Between(absl::ZeroDuration(), scenario_.longest_step));
    if (!plan.deaf) RETURN_IF_ERROR(context.ShouldStop());
    context.ReportProgress({.done = step + 1, .total = plan.steps, .phase = "toil"});
  }
  return absl::OkStatus();
}

absl::Status Work::MaybeFail() {
  if (stage_.calm) return absl::OkStatus();
  if (stage_.random.Chance(scenario_.handler_permanent)) {
    stage_.Count(Fault::kHandlerPermanent);
    return absl::InvalidArgumentError("cannot be done");
  }
  if (!stage_.random.Chance(scenario_.handler_error)) return absl::OkStatus();
  stage_.Count(Fault::kHandlerError);
  switch (stage_.random.Below(3)) {
    case 0:
      return absl::UnavailableError("something else is down");
    case 1:
      return absl::InternalError("something broke");
    default:
      return MakeError(absl::StatusCode::kResourceExhausted, "too much at once",
                       {.reason = "BUSY", .metadata = {}, .violations = {}, .retry_after = absl::Seconds(3)});
  }
}

absl::Status Work::FanOut(const Plan& plan, const Claim& claim, RecordLine& record, Clock& clock) {
  std::vector<OperationDraft> children;
  children.reserve(static_cast<size_t>(plan.children));
  for (int i = 0; i < plan.children; ++i) {
    children.push_back(Draw(absl::StrCat(claim.operation_id, "-", claim.token, "-", i), clock.Now(), /*child=*/true));
  }
  return record.FanOut(claim, clock.Now(), children);
}

absl::Status Work::CheckJoin(const Plan& plan, const Claim& claim, RecordLine& record) {
  ASSIGN_OR_RETURN(const OperationStore::Page page, record.ListChildren(claim.operation_id, plan.children + 1, ""));
  bool complete = page.operations.size() == static_cast<size_t>(plan.children);
  for (const Operation& child : page.operations) {
    complete = complete && child.state == OperationState::kSucceeded && child.result == child.id;
  }
  // A run whose claim is lost may see anything: its commit will be refused.
  const Operation* known = record_.checker().Find(claim.operation_id);
  const bool current = known != nullptr && known->state == OperationState::kRunning && known->token == claim.token;
  if (!complete && current) {
    stage_.violation(absl::StrCat("handler: ", claim.operation_id, " joins without the results of all its children"));
  }
  return absl::OkStatus();
}

}  // namespace plumbline::jobs::simulation
