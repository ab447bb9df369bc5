#include "coding/domain/pseudonym_book.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace plumbline::coding {
namespace {

bool IsFull(const std::string& form) {
  return absl::StartsWith(form, absl::string_view(kFullForm.data(), kFullForm.size()));
}

// One name of two kinds is two things.
std::string WithKind(PseudonymKind kind, const std::string& form) { return absl::StrCat(ToString(kind), " ", form); }

}  // namespace

PseudonymBook::PseudonymBook(std::vector<PseudonymRow> rows, PseudonymCounters next, KeysOf keys_of)
    : keys_of_(std::move(keys_of)), next_(std::move(next)) {
  for (PseudonymRow& row : rows) {
    if (row.full) whole_names_.emplace(row.kind, row.number);
    std::pair<PseudonymKind, std::string> key(row.kind, row.key);
    rows_.emplace(std::move(key), std::move(row));
  }
}

int64_t PseudonymBook::Find(const PseudonymEntity& entity) const {
  const bool has_whole_name = IsFull(entity.forms[0]);
  for (const std::string& form : entity.forms) {
    for (const std::string& key : keys_of_(WithKind(entity.kind, form))) {
      const auto row = rows_.find({entity.kind, key});
      if (row == rows_.end()) continue;
      const int64_t number = row->second.number;
      const bool another = has_whole_name && !row->second.full && whole_names_.count({entity.kind, number}) > 0;
      if (!another) return number;
    }
  }
  return 0;
}

void PseudonymBook::Remember(const PseudonymEntity& entity, int64_t number) {
  for (const std::string& form : entity.forms) {
    const std::vector<std::string> keys = keys_of_(WithKind(entity.kind, form));
    if (keys.empty() || rows_.count({entity.kind, keys[0]}) > 0) continue;
    PseudonymRow row{entity.kind, keys[0], number, IsFull(form)};
    // What an older secret remembers of the form is carried over to the newest.
    for (size_t k = 1; k < keys.size(); ++k) {
      const auto old = rows_.find({entity.kind, keys[k]});
      if (old == rows_.end()) continue;
      row.number = old->second.number;
      superseded_.push_back(keys[k]);
      rows_.erase(old);
    }
    if (row.full) whole_names_.emplace(row.kind, row.number);
    rows_.emplace(std::pair(row.kind, row.key), row);
    added_.push_back(std::move(row));
  }
}

std::vector<int64_t> PseudonymBook::Number(const Findings& findings) {
  std::vector<int64_t> numbers;
  numbers.reserve(findings.entities.size());
  for (const PseudonymEntity& entity : findings.entities) {
    int64_t number = Find(entity);
    if (number == 0) {
      int64_t& next = next_[entity.kind];
      if (next < 1) next = 1;
      while (findings.written.count({entity.kind, next}) > 0) ++next;
      number = next++;
    }
    Remember(entity, number);
    numbers.push_back(number);
  }
  return numbers;
}

}  // namespace plumbline::coding
