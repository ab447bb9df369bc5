#ifndef PLUMBLINE_CODING_DOMAIN_IMPORT_LOG_H_
#define PLUMBLINE_CODING_DOMAIN_IMPORT_LOG_H_

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "coding/domain/transcript.h"

// What the parsers of transcripts find wrong or odd while they go on reading.
namespace plumbline::coding {

class ImportLog {
 public:
  // "line 12": value "...": rule. `value` is a time, a label or a count, never what was said.
  void Error(size_t line, std::string_view value, std::string_view rule);
  void ErrorAt(std::string_view place, std::string_view value, std::string_view rule);
  // Every violation that `status` carries; nothing where it is OK.
  void Add(const absl::Status& status);
  // The same without the values, where those may be speech: a reader of tables does not know what it holds.
  void AddRules(const absl::Status& status);
  // The same message at many lines becomes one warning, at the first of them, that says how many there are.
  void Warn(size_t line, std::string_view message);

  bool ok() const { return error_count_ == 0; }
  // Moves what was noted to where it is reported, warnings by line.
  void MoveTo(TranscriptReading& reading);

 private:
  struct Seen {
    size_t line = 0;
    size_t count = 0;
  };
  std::vector<FieldViolation> errors_;
  size_t error_count_ = 0;
  std::map<std::string, Seen, std::less<>> warnings_;  // by message
};

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_IMPORT_LOG_H_
