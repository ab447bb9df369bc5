#include "gateway/service/merged_operations.h"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "gateway/service/page_token.h"

namespace plumbline::gateway {
namespace {

namespace pb = common::v1;

// Stands in a token for a service whose list is at its end; no base64 text looks like it.
constexpr char kAtEnd[] = ".";

// An operation's place in the list: a greater one stands before it.
struct Place {
  int64_t seconds = 0;
  int32_t nanos = 0;
  std::string name;
  bool operator<(const Place& other) const {
    return std::tie(seconds, nanos, name) < std::tie(other.seconds, other.nanos, other.name);
  }
};

Place PlaceOf(const pb::Operation& operation) {
  return {operation.create_time().seconds(), operation.create_time().nanos(), operation.name()};
}

// Reads one service's list from the page that `start` names, past everything that was shown before.
class Cursor {
 public:
  Cursor(const OperationLister& lister, const pb::ListOperationsRequest& request, int page_size,
         const std::optional<std::string>& start, const std::optional<Place>& shown)
      : lister_(lister), request_(request), at_end_(!start.has_value()), shown_(shown) {
    request_.set_page_size(page_size);
    request_.set_page_token(start.value_or(""));
  }

  // The next operation; nullptr at the end.
  absl::StatusOr<pb::Operation*> Peek() {
    while (true) {
      for (; fetched_ && at_ < page_.operations_size(); ++at_) {
        pb::Operation* operation = page_.mutable_operations(at_);
        if (!shown_ || PlaceOf(*operation) < *shown_) return operation;
      }
      if (fetched_) NextPage();
      if (at_end_) return nullptr;
      ASSIGN_OR_RETURN(page_, lister_(request_));
      fetched_ = true;
      at_ = 0;
    }
  }
  // Past what Peek showed.
  void Take() {
    ++at_;
    if (at_ == page_.operations_size()) NextPage();
  }
  bool at_end() const { return at_end_; }
  // The page on which the next operation stands.
  std::string start() const { return at_end_ ? kAtEnd : absl::WebSafeBase64Escape(request_.page_token()); }

 private:
  void NextPage() {
    fetched_ = false;
    at_end_ = page_.next_page_token().empty();
    request_.set_page_token(page_.next_page_token());
  }

  const OperationLister& lister_;
  pb::ListOperationsRequest request_;
  bool at_end_;
  const std::optional<Place>& shown_;
  bool fetched_ = false;
  pb::ListOperationsResponse page_;
  int at_ = 0;
};

// Where a page starts: "<seconds> <nanos> <name> <start of each service>", the name and starts in base64.
struct Position {
  std::optional<Place> shown;  // the last operation of the page before
  std::vector<std::optional<std::string>> starts;
};

absl::StatusOr<Position> ReadPosition(const std::string& scope, const std::string& token, size_t services) {
  Position position;
  position.starts.assign(services, "");
  ASSIGN_OR_RETURN(const std::string text, ReadPageToken(scope, token));
  if (text.empty()) return position;
  const std::vector<std::string> parts = absl::StrSplit(text, ' ');
  Place shown;
  bool good = parts.size() == 3 + services && absl::SimpleAtoi(parts[0], &shown.seconds) &&
              absl::SimpleAtoi(parts[1], &shown.nanos) && absl::WebSafeBase64Unescape(parts[2], &shown.name);
  for (size_t i = 0; good && i < services; ++i) {
    if (parts[3 + i] == kAtEnd) {
      position.starts[i] = std::nullopt;
    } else {
      good = absl::WebSafeBase64Unescape(parts[3 + i], &*position.starts[i]);
    }
  }
  if (!good) return InvalidField("page_token", token, "must be the next_page_token of the same list");
  position.shown = std::move(shown);
  return position;
}

}  // namespace

absl::StatusOr<pb::ListOperationsResponse> MergeOperations(const std::vector<OperationLister>& services,
                                                           const pb::ListOperationsRequest& request, int page_size) {
  const std::string scope = request.dead_only() ? "dead operations" : absl::StrCat("operations of ", request.target());
  ASSIGN_OR_RETURN(const Position position, ReadPosition(scope, request.page_token(), services.size()));
  std::vector<Cursor> cursors;
  cursors.reserve(services.size());
  for (size_t i = 0; i < services.size(); ++i) {
    cursors.emplace_back(services[i], request, page_size, position.starts[i], position.shown);
  }
  pb::ListOperationsResponse page;
  while (page.operations_size() < page_size) {
    Cursor* newest = nullptr;
    pb::Operation* next = nullptr;
    for (Cursor& cursor : cursors) {
      ASSIGN_OR_RETURN(pb::Operation * candidate, cursor.Peek());
      if (candidate == nullptr || (next != nullptr && PlaceOf(*candidate) < PlaceOf(*next))) continue;
      newest = &cursor;
      next = candidate;
    }
    if (newest == nullptr) return page;
    page.add_operations()->Swap(next);
    newest->Take();
  }
  if (std::all_of(cursors.begin(), cursors.end(), [](const Cursor& cursor) { return cursor.at_end(); })) return page;
  const Place last = PlaceOf(page.operations(page_size - 1));
  std::string next = absl::StrCat(last.seconds, " ", last.nanos, " ", absl::WebSafeBase64Escape(last.name));
  for (const Cursor& cursor : cursors) absl::StrAppend(&next, " ", cursor.start());
  page.set_next_page_token(MakePageToken(scope, next));
  return page;
}

}  // namespace plumbline::gateway
