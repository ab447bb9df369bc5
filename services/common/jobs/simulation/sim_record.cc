#include "common/jobs/simulation/sim_record.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace plumbline::jobs::simulation {
namespace {

// The effect of one operation, committed with its end.
WriteResult Apply(LedgerWriter& writer, const Claim& claim) {
  writer.ledger.effects.push_back({claim.operation_id, claim.token});
  return {.response = claim.operation_id, .audit = {}, .operations = {}};
}

}  // namespace

bool SimRecord::Fails(Fault fault) {
  if (stage_.calm || !stage_.random.Chance(error_rate_ / 2)) return false;
  stage_.Count(fault);
  stage_.Say(server_.name, ToString(fault));
  return true;
}

void SimRecord::Changed(const std::string& id) {
  if (!id.empty()) checker_.Look(id);
  since_sweep_ += id.empty() ? 0 : 1;
  if (since_sweep_ < kSweepEvery) return;
  since_sweep_ = 0;
  checker_.Sweep();
}

void SimRecord::CheckClaimed(const Claim& claim, const absl::Status& status) {
  Changed(claim.operation_id);
  const Operation* operation = checker_.Find(claim.operation_id);
  if (!status.ok() || (operation != nullptr && operation->token == claim.token)) return;
  stage_.violation(absl::StrCat("record: ", claim.operation_id, " was changed under the stale token ", claim.token));
}

Claim SimRecord::Unchecked(const Claim& claim) {
  const Operation* operation = checker_.Find(claim.operation_id);
  return {claim.operation_id, operation == nullptr ? claim.token : operation->token};
}

absl::StatusOr<std::string> SimRecord::Write(const Mutation& mutation, const OperationDraft& draft,
                                             const std::string& request) {
  const bool fails = Fails(Fault::kErrorBeforeCommit);
  if (fails && stage_.bug == Bug::kPromiseEarly) checker_.Expect(draft.id, request);
  if (fails) return stage_.bug == Bug::kPromiseEarly ? absl::StatusOr<std::string>(draft.id) : Trouble();
  checker_.Expect(draft.id, request);
  const auto outcome = unit_.Write(mutation, [&draft](LedgerWriter&) -> absl::StatusOr<WriteResult> {
    return WriteResult{.response = draft.id, .audit = {}, .operations = {draft}};
  });
  RETURN_IF_ERROR(outcome.status());
  Changed(outcome->response);
  if (Fails(Fault::kErrorAfterCommit)) return Trouble();
  return outcome->response;
}

absl::Status SimRecord::CommitEffect(const Claim& claim, absl::Time now) {
  const auto apply = [&claim](LedgerWriter& writer) -> absl::StatusOr<WriteResult> { return Apply(writer, claim); };
  const auto nothing = [](LedgerWriter&) -> absl::StatusOr<WriteResult> { return WriteResult{}; };
  const Mutation apart = {.actor = "bug", .method = "effect", .request_id = "", .request_digest = "", .now = now};
  if (stage_.bug == Bug::kEffectApart) {
    RETURN_IF_ERROR(unit_.Write(apart, apply).status());
    return unit_.Commit(claim, now, nothing);
  }
  if (stage_.bug != Bug::kNoTokenCheck) return unit_.Commit(claim, now, apply);
  const absl::Status status = unit_.Commit(Unchecked(claim), now, apply);
  return status.ok() ? status : unit_.Write(apart, apply).status();
}

absl::Status SimRecord::Commit(const Claim& claim, absl::Time now) {
  if (Fails(Fault::kErrorBeforeCommit)) return Trouble();
  absl::Status status = CommitEffect(claim, now);
  CheckClaimed(claim, status);
  if (Fails(Fault::kErrorAfterCommit)) return Trouble();
  return status;
}

absl::Status SimRecord::FanOut(const Claim& claim, absl::Time now, const std::vector<OperationDraft>& children) {
  if (Fails(Fault::kErrorBeforeCommit)) return Trouble();
  for (const OperationDraft& child : children) checker_.Expect(child.id, "");
  absl::Status status = unit_.FanOut(claim, now, [&children](LedgerWriter&) -> absl::StatusOr<WriteResult> {
    return WriteResult{.response = "", .audit = {}, .operations = children};
  });
  CheckClaimed(claim, status);
  for (const OperationDraft& child : children) Changed(child.id);
  if (Fails(Fault::kErrorAfterCommit)) return Trouble();
  return status;
}

absl::Status SimRecord::Fail(const Claim& claim, const absl::Status& error, absl::Time now) {
  return AskClaimed(claim, [&](OperationStore& store) {
    return store.Fail(stage_.bug == Bug::kFailUnchecked ? Unchecked(claim) : claim, error, now);
  });
}

absl::StatusOr<Operation> SimRecord::Requeue(const std::string& id, absl::Time now) {
  SweepSoon();
  return Ask(id, [&](OperationStore& store) {
    auto operation = store.Requeue(id, now, "person");
    if (operation.ok()) checker_.Requeued(id);
    return operation;
  });
}

}  // namespace plumbline::jobs::simulation
