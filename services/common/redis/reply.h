#ifndef PLUMBLINE_COMMON_REDIS_REPLY_H_
#define PLUMBLINE_COMMON_REDIS_REPLY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace plumbline::redis {

// What Redis answered, copied out of the client library. An error answer to a whole command is an absl::Status and
// never a Reply; an error inside an array (EXEC) is kError.
class Reply {
 public:
  enum class Kind { kNil, kString, kInteger, kArray, kError };

  Reply() = default;  // nil
  static Reply String(std::string text);
  static Reply Integer(int64_t value);
  static Reply Array(std::vector<Reply> elements);
  static Reply Error(std::string text);

  Kind kind() const { return kind_; }
  bool is_nil() const { return kind_ == Kind::kNil; }

  // INTERNAL when the reply is of another kind: the code and Redis disagree about a command.
  absl::StatusOr<std::string> AsString() const;  // string or status reply; any bytes
  absl::StatusOr<int64_t> AsInt() const;         // integer, or a string that is a decimal integer
  absl::Status ExpectArray(size_t min_size) const;

  // Elements of an array; empty for any other kind.
  const std::vector<Reply>& elements() const { return elements_; }

 private:
  Kind kind_ = Kind::kNil;
  std::string text_;
  int64_t integer_ = 0;
  std::vector<Reply> elements_;
};

}  // namespace plumbline::redis

#endif  // PLUMBLINE_COMMON_REDIS_REPLY_H_
