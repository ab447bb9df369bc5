#include "cli/output.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "cli/rpc_call.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/utf8.h"

namespace plumbline::cli {
namespace {

constexpr size_t kBarWidth = 24;

// Characters, not bytes: names have accents.
size_t Width(const std::string& cell) {
  size_t width = 0;
  for (size_t i = 0; i < cell.size(); ++width) i += std::max<size_t>(1, Utf8Length(cell, i));
  return width;
}

bool IsNumber(const std::string& cell) {
  double value = 0;
  return absl::SimpleAtod(absl::StrReplaceAll(cell, {{",", ""}, {"%", ""}}), &value);
}

}  // namespace

std::string TextTable::ToString(int indent) const {
  std::vector<size_t> widths(rows_[0].size(), 0);
  for (const auto& row : rows_) {
    for (size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], Width(row[c]));
  }
  std::string out;
  for (size_t r = 0; r < rows_.size(); ++r) {
    std::string line(static_cast<size_t>(indent), ' ');
    for (size_t c = 0; c < rows_[r].size(); ++c) {
      const std::string& cell = rows_[r][c];
      const std::string padding(widths[c] - Width(cell), ' ');
      // A heading stands over its column: right where the first row is a number.
      const bool right = IsNumber(r == 0 && rows_.size() > 1 ? rows_[1][c] : cell);
      absl::StrAppend(&line, right ? padding : "", cell, right ? "" : padding, "  ");
    }
    line.erase(line.find_last_not_of(' ') + 1);
    absl::StrAppend(&out, line, "\n");
    if (r == 0) {
      std::string rule(static_cast<size_t>(indent), ' ');
      for (size_t width : widths) absl::StrAppend(&rule, std::string(width, '-'), "  ");
      rule.erase(rule.find_last_not_of(' ') + 1);
      absl::StrAppend(&out, rule, "\n");
    }
  }
  return out;
}

ProgressLine::ProgressLine(std::string label) : label_(std::move(label)), terminal_(isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() {
  if (shown_) std::cerr << "\n";
}

void ProgressLine::Show(const common::v1::Operation& operation) {
  if (!terminal_) return;
  const auto& progress = operation.progress();
  double share = 0;
  if (progress.total() > 0) {
    share = std::clamp(static_cast<double>(progress.done()) / static_cast<double>(progress.total()), 0.0, 1.0);
  }
  const auto filled = static_cast<size_t>(share * kBarWidth);
  const std::string bar = std::string(filled, '#') + std::string(kBarWidth - filled, ' ');
  std::cerr << absl::StreamFormat("\r\033[K%-28s [%s] %d/%d %s", label_, bar, progress.done(), progress.total(),
                                  progress.phase())
            << std::flush;
  shown_ = true;
}

std::string Fixed(double value, int decimals) {
  const double scale = std::pow(10, decimals);
  if (std::abs(value) * scale < 0.5) value = 0;  // no "-0.00"
  return absl::StrFormat("%.*f", decimals, value);
}

std::string Money(double value, int decimals) {
  const std::string text = Fixed(value, decimals);
  const size_t first = text[0] == '-' ? 1 : 0;
  const size_t end = std::min(text.find('.'), text.size());
  std::string out = text.substr(0, first);
  for (size_t i = first; i < end; ++i) {
    if (i > first && (end - i) % 3 == 0) out += ',';
    out += text[i];
  }
  return out + text.substr(end);
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return InvalidField("file", path, "cannot be read");
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

absl::Status WriteFile(const std::string& path, const std::string& content) {
  const std::string temporary = path + ".part";
  {
    std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
    file << content;
    file.close();
    if (!file) return InvalidField("file", path, "cannot be written");
  }
  std::error_code error;
  std::filesystem::rename(temporary, path, error);
  if (error) return InvalidField("file", path, "cannot be written");
  return absl::OkStatus();
}

absl::Status ReadMessage(const std::string& path, google::protobuf::Message& message) {
  ASSIGN_OR_RETURN(const std::string json, ReadFile(path));
  const absl::Status parsed = ParseJson(json, message);
  return parsed.ok() ? parsed : InvalidField(path, "", std::string(parsed.message()));
}

int ReportError(const absl::Status& status, bool json, const std::string& hint) {
  if (status.ok()) return 0;
  std::cerr << (json ? ErrorToJson(status) : ErrorToText(status)) << "\n";
  if (!json && absl::IsUnavailable(status) && !hint.empty()) std::cerr << "  " << hint << "\n";
  return 1;
}

}  // namespace plumbline::cli
