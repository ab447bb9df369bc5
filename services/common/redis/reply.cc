#include "common/redis/reply.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace plumbline::redis {
namespace {

const char* Name(Reply::Kind kind) {
  switch (kind) {
    case Reply::Kind::kNil:
      return "nil";
    case Reply::Kind::kString:
      return "string";
    case Reply::Kind::kInteger:
      return "integer";
    case Reply::Kind::kArray:
      return "array";
    case Reply::Kind::kError:
      return "error";
  }
  return "unknown";
}

absl::Status Mismatch(Reply::Kind kind, const char* wanted) {
  return absl::InternalError(absl::StrCat("redis: reply is of kind ", Name(kind), " where ", wanted, " is expected"));
}

}  // namespace

Reply Reply::String(std::string text) {
  Reply reply;
  reply.kind_ = Kind::kString;
  reply.text_ = std::move(text);
  return reply;
}

Reply Reply::Integer(int64_t value) {
  Reply reply;
  reply.kind_ = Kind::kInteger;
  reply.integer_ = value;
  return reply;
}

Reply Reply::Array(std::vector<Reply> elements) {
  Reply reply;
  reply.kind_ = Kind::kArray;
  reply.elements_ = std::move(elements);
  return reply;
}

Reply Reply::Error(std::string text) {
  Reply reply;
  reply.kind_ = Kind::kError;
  reply.text_ = std::move(text);
  return reply;
}

absl::StatusOr<std::string> Reply::AsString() const {
  if (kind_ != Kind::kString) return Mismatch(kind_, "a string");
  return text_;
}

absl::StatusOr<int64_t> Reply::AsInt() const {
  if (kind_ == Kind::kInteger) return integer_;
  int64_t value = 0;
  if (kind_ == Kind::kString && absl::SimpleAtoi(text_, &value)) return value;
  return Mismatch(kind_, "an integer");
}

absl::Status Reply::ExpectArray(size_t min_size) const {
  if (kind_ != Kind::kArray) return Mismatch(kind_, "an array");
  if (elements_.size() < min_size) {
    return absl::InternalError(
        absl::StrCat("redis: array of ", elements_.size(), " elements where ", min_size, " are expected"));
  }
  return absl::OkStatus();
}

}  // namespace plumbline::redis
