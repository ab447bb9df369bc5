#include "common/jobs/simulation/checker.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace plumbline::jobs::simulation {
namespace {

// Whether an operation may have FAILED with it: the handlers answer such errors. The others would say that the job
// system itself ran it when, or how, it must not be run, or took trouble with the database for its fault.
bool IsFair(const absl::Status& error) {
  if (IsDatabaseTrouble(error)) return false;
  switch (error.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kResourceExhausted:
      return true;
    case absl::StatusCode::kInternal: {
      const auto detail = GetErrorDetail(error);
      return !detail.has_value() || detail->reason != "HANDLER_WITHOUT_COMMIT";
    }
    default:
      return false;
  }
}

}  // namespace

void Checker::Expect(const std::string& id, const std::string& request) { known_[id].request = request; }

void Checker::Violation(const Operation& operation, const std::string& what) {
  violation_(absl::StrCat("record: ", operation.id, " (", ToString(operation.state), ", token ", operation.token,
                          "): ", what));
}

void Checker::Requeued(const std::string& id) {
  known_[id].last = {};
  for (auto& [child, known] : known_) {
    if (known.last.parent == id) known.deleted = true;
  }
}

const Operation* Checker::Find(const std::string& id) const {
  const auto known = known_.find(id);
  return known == known_.end() || known->second.deleted || known->second.last.id.empty() ? nullptr
                                                                                         : &known->second.last;
}

void Checker::CompareEffects(const Operation& now, const Ledger& ledger) {
  int effects = 0;
  for (const Effect& effect : ledger.effects) {
    if (effect.id != now.id) continue;
    ++effects;
    if (effect.token != now.token) Violation(now, absl::StrCat("its effect was committed under token ", effect.token));
  }
  const int wanted = now.state == OperationState::kSucceeded ? 1 : 0;
  if (effects != wanted) Violation(now, absl::StrCat("it had its effect ", effects, " times, not ", wanted));
}

void Checker::Compare(Known& known, const Operation& now, const Ledger& ledger) {
  const Operation& last = known.last;
  if (last.id.empty()) {
    std::string& id = of_request_[known.request];
    if (!known.request.empty() && !id.empty() && id != now.id)
      Violation(now, absl::StrCat("its request has ", id, " too"));
    id = now.id;
  } else {
    if (IsTerminal(last.state) && last.state != now.state) {
      Violation(now, absl::StrCat("it was finished as ", ToString(last.state)));
    }
    if (now.token < last.token || now.attempts < last.attempts) {
      Violation(now, absl::StrCat("token or attempts went back from ", last.token, " and ", last.attempts));
    }
    if (now.attempts > last.attempts && now.token == last.token) Violation(now, "two claims have one token");
  }
  if (now.state == OperationState::kFailed && !IsFair(now.error)) Violation(now, now.error.ToString());
  CompareEffects(now, ledger);
  known.last = now;
}

void Checker::Look(const std::string& id) {
  const auto known = known_.find(id);
  if (known == known_.end() || known->second.deleted) return;
  const auto now = store_.Get(id);
  if (now.ok()) {
    const bool ends = now->state == OperationState::kSucceeded && known->second.last.state != now->state;
    if (ends && !now->parent.empty()) CheckAwaited(*now);
    Compare(known->second, *now, unit_.state());
  } else if (!known->second.last.id.empty()) {
    Violation(known->second.last, "it is gone");
  } else if (promised_.contains(id)) {
    violation_(absl::StrCat("record: ", id, " was promised to a client and is not there"));
  }
}

// A child that has just succeeded: its parent is there and waits.
void Checker::CheckAwaited(const Operation& child) {
  const auto parent = store_.Get(child.parent);
  if (parent.ok() && parent->state == OperationState::kWaiting) return;
  Violation(child, "it was committed though its parent does not wait for it");
}

void Checker::Sweep() {
  const Ledger ledger = unit_.state();
  for (auto& [id, known] : known_) {
    if (known.deleted) continue;
    const auto now = store_.Get(id);
    if (now.ok()) {
      Compare(known, *now, ledger);
    } else {
      Look(id);
    }
  }
  CompareFamilies();
  CompareKeys();
}

void Checker::CompareKeys() {
  std::map<std::string, std::string> holders;
  for (const auto& [id, known] : known_) {
    const Operation& operation = known.last;
    if (known.deleted || operation.unique_key.empty() || IsTerminal(operation.state)) continue;
    const auto [holder, is_first] = holders.try_emplace(operation.unique_key, id);
    if (!is_first) Violation(operation, absl::StrCat("its unique key is held by ", holder->second));
  }
}

void Checker::CompareFamilies() {
  for (const auto& [id, known] : known_) {
    const Operation& child = known.last;
    if (known.deleted || child.parent.empty()) continue;
    const Operation* parent = Find(child.parent);
    if (parent == nullptr) {
      Violation(child, "it has no parent");
    } else if (parent->children_done || parent->state == OperationState::kSucceeded) {
      if (child.state != OperationState::kSucceeded) Violation(child, "its parent went on without it");
    } else if (IsTerminal(parent->state) && !IsTerminal(child.state) && !child.cancel_requested) {
      Violation(child, absl::StrCat("its parent is ", ToString(parent->state), " and nobody asked it to stop"));
    }
  }
}

std::vector<std::string> Checker::Unfinished() const {
  std::vector<std::string> unfinished;
  for (const auto& [id, known] : known_) {
    if (!known.deleted && !known.last.id.empty() && !IsTerminal(known.last.state)) unfinished.push_back(id);
  }
  return unfinished;
}

int64_t Checker::Count(OperationState state) const {
  return std::count_if(known_.begin(), known_.end(), [state](const auto& item) {
    const Known& known = item.second;
    return !known.deleted && !known.last.id.empty() && known.last.state == state;
  });
}

}  // namespace plumbline::jobs::simulation
