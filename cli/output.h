#ifndef PLUMBLINE_CLI_OUTPUT_H_
#define PLUMBLINE_CLI_OUTPUT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "plumbline/common/v1/operations.pb.h"

// What people and scripts see of a command.
namespace plumbline::cli {

// A table in plain text: columns as wide as their widest cell, numbers (cells that parse as one) to the right.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> header) : rows_{std::move(header)} {}
  void Add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  std::string ToString(int indent = 2) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

// A line on standard error that is written over while work goes on; on a terminal only, so that logs stay readable.
class ProgressLine {
 public:
  explicit ProgressLine(std::string label);
  ~ProgressLine();  // ends the line
  void Show(const common::v1::Operation& operation);

 private:
  const std::string label_;
  const bool terminal_;
  bool shown_ = false;
};

// 1234567.5 as "1,234,567.50"; -0.00 is never shown.
std::string Money(double value, int decimals);
std::string Fixed(double value, int decimals);

absl::StatusOr<std::string> ReadFile(const std::string& path);
// Writes all of it or reports why not; an existing file is replaced in one step.
absl::Status WriteFile(const std::string& path, const std::string& content);

// A message as protobuf JSON in a file. INVALID_ARGUMENT names the file and what is wrong.
absl::Status ReadMessage(const std::string& path, google::protobuf::Message& message);

// The error on standard error, as text or JSON; the exit code. An UNAVAILABLE gets `hint` as a further line of text.
int ReportError(const absl::Status& status, bool json, const std::string& hint = "");

}  // namespace plumbline::cli

#endif  // PLUMBLINE_CLI_OUTPUT_H_
