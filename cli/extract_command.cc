// extract: the questions of transcripts, without a server.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/commands.h"
#include "cli/extract_output.h"
#include "cli/output.h"
#include "cli/transcript_table.h"
#include "coding/domain/questions.h"
#include "coding/domain/transcript.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/utf8.h"

namespace plumbline::cli {
namespace {

// A corpus of many conversations in one table is larger than what a service takes in one request.
constexpr size_t kMaxBytes = 256u << 20;
constexpr size_t kMaxTurns = 2'000'000;
constexpr size_t kMaxLineBytes = 256u << 10;
constexpr size_t kMaxSpeakers = 100'000;

constexpr char kStandardInput[] = "-";

struct Settings {
  coding::TranscriptOptions transcript;
  coding::ExtractionOptions extraction;
  std::map<std::string, int> stems;  // of the files, and how many have each
};

std::string StemOf(const std::string& path) { return std::filesystem::path(path).stem().string(); }

absl::StatusOr<coding::TranscriptFormat> FormatFromName(const std::string& name) {
  if (const auto format = coding::TranscriptFormatFromString(name)) return *format;
  return InvalidField("--format", name, "must be detect, webvtt, subrip, speaker_text, csv or json");
}

absl::StatusOr<coding::Role> RoleFromName(const std::string& option, const std::string& name) {
  if (const auto role = coding::RoleFromString(name)) return *role;
  return InvalidField(option, name, "must be supervisor, worker, practitioner, parent, child, other or unknown");
}

absl::StatusOr<Settings> ReadSettings(const ExtractOptions& options) {
  Settings settings;
  ASSIGN_OR_RETURN(settings.transcript.format, FormatFromName(options.format));
  std::map<std::string, coding::Role> roles;
  for (const std::string& entry : options.roles) {
    const std::vector<std::string> parts = absl::StrSplit(entry, absl::MaxSplits('=', 1));
    if (parts.size() != 2 || parts[0].empty()) return InvalidField("--role", entry, "must be LABEL=ROLE");
    ASSIGN_OR_RETURN(roles[parts[0]], RoleFromName("--role", parts[1]));
  }
  settings.transcript.roles = coding::RoleMap(roles);
  settings.transcript.limits.max_bytes = kMaxBytes;
  settings.transcript.limits.max_json_bytes = kMaxBytes;
  settings.transcript.limits.max_turns = kMaxTurns;
  settings.transcript.limits.max_line_bytes = kMaxLineBytes;
  settings.transcript.limits.max_speakers = kMaxSpeakers;
  if (!options.asker.empty()) {
    ASSIGN_OR_RETURN(settings.extraction.asker, RoleFromName("--asker", options.asker));
  }
  settings.extraction.min_confidence = options.min_confidence;
  for (const std::string& file : options.files) ++settings.stems[StemOf(file)];
  return settings;
}

// All of a file, or no more than one byte over the limit: the parser then refuses it.
absl::StatusOr<std::string> ReadInput(const std::string& path) {
  std::ifstream file;
  const bool standard = path == kStandardInput;
  if (!standard) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) return InvalidField("file", path, "is a folder");
    file.open(path, std::ios::binary);
    if (!file) return InvalidField("file", path, "cannot be read");
  }
  std::istream& in = standard ? std::cin : file;
  std::string content;
  constexpr size_t kChunk = 1u << 20;
  while (in && content.size() <= kMaxBytes) {
    const size_t before = content.size();
    const size_t want = std::min(kChunk, kMaxBytes + 1 - before);
    content.resize(before + want);
    in.read(content.data() + before, static_cast<std::streamsize>(want));
    content.resize(before + static_cast<size_t>(in.gcount()));
  }
  if (in.bad()) return InvalidField("file", path, "cannot be read");
  return content;
}

// A session is named after its file: without folder and ending, or whole where another file would have the same name.
absl::StatusOr<std::string> NameOf(const std::string& path, const Settings& settings) {
  if (path == kStandardInput) return "stdin";
  if (FirstInvalidUtf8(path) != std::string_view::npos) {
    return InvalidField("file", "(not shown)", "must have a name in UTF-8: the session is named after it");
  }
  const std::string stem = StemOf(path);
  return settings.stems.at(stem) > 1 ? path : stem;
}

absl::StatusOr<std::vector<SessionTranscript>> ReadTranscripts(const std::string& path, const Settings& settings) {
  ASSIGN_OR_RETURN(const std::string name, NameOf(path, settings));
  ASSIGN_OR_RETURN(const std::string content, ReadInput(path));
  const coding::TranscriptFormat format = settings.transcript.format;
  const bool table = format == coding::TranscriptFormat::kCsv || format == coding::TranscriptFormat::kDetect;
  if (table && IsTranscriptTable(content)) return ReadTranscriptTable(content, name, settings.transcript);
  std::vector<SessionTranscript> one(1);
  one[0].session = name;
  ASSIGN_OR_RETURN(one[0].transcript, coding::ParseTranscript(content, settings.transcript));
  return one;
}

absl::Status ExtractFile(const std::string& path, const Settings& settings, bool json) {
  ASSIGN_OR_RETURN(const std::vector<SessionTranscript> sessions, ReadTranscripts(path, settings));
  std::string out;
  for (const SessionTranscript& session : sessions) {
    const std::vector<coding::Question> questions = coding::ExtractQuestions(session.transcript, settings.extraction);
    if (json) {
      AppendTurnsAsJson(session, questions, out);
    } else {
      AppendQuestionsForPeople(session, questions, out);
    }
    std::cout << out;
    out.clear();
  }
  std::cout.flush();
  return absl::OkStatus();
}

// The same error, naming the file.
absl::Status InFile(const std::string& path, const absl::Status& status) {
  ErrorDetail detail = GetErrorDetail(status).value_or(ErrorDetail{});
  detail.metadata["file"] = path;
  return MakeError(status.code(), absl::StrCat(path, ": ", status.message()), detail);
}

}  // namespace

int Extract(const Session& session, const ExtractOptions& options) {
  const absl::StatusOr<Settings> settings = ReadSettings(options);
  if (!settings.ok()) return ReportError(settings.status(), session.json);
  int code = 0;
  for (const std::string& file : options.files) {
    const absl::Status status = ExtractFile(file, *settings, session.json);
    if (!status.ok()) code = ReportError(InFile(file, status), session.json);
  }
  if (!std::cout) return ReportError(InvalidField("standard output", "", "cannot be written"), session.json);
  return code;
}

}  // namespace plumbline::cli
