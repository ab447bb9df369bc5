// transcript check, transcript import: what files hold, and into the service with them.

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "cli/api.h"
#include "cli/commands.h"
#include "cli/names_file.h"
#include "cli/output.h"
#include "cli/role_labels.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "plumbline/coding/v1/transcripts.pb.h"

namespace plumbline::cli {
namespace {

namespace v1 = coding::v1;

constexpr char kImport[] = "plumbline.coding.v1.TranscriptService/ImportTranscript";

// "PSEUDONYM_KIND_DATE_OF_BIRTH" as "date of birth".
std::string Plain(const std::string& name, const std::string& prefix) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(name.substr(prefix.size())), {{"_", " "}});
}

std::string RoleText(v1::SpeakerRole role) {
  if (role == v1::SPEAKER_ROLE_UNSPECIFIED) return "no known role";
  return Plain(v1::SpeakerRole_Name(role), "SPEAKER_ROLE_");
}

absl::StatusOr<v1::SpeakerRole> RoleFromName(const std::string& option, const std::string& name) {
  v1::SpeakerRole role;
  if (v1::SpeakerRole_Parse(absl::StrCat("SPEAKER_ROLE_", absl::AsciiStrToUpper(name)), &role)) return role;
  return InvalidField(option, name, "must be supervisor, worker, practitioner, parent, child or other");
}

// The list of names, and what must be said about it.
absl::Status ReadNames(const std::string& path, v1::PseudonymOptions& options) {
  ASSIGN_OR_RETURN(const std::string content, ReadFile(path));
  ASSIGN_OR_RETURN(NamesFile names, ParseNames(path, content));
  for (v1::Identity& identity : names.identities) *options.add_identities() = std::move(identity);
  if (names.encoding_guessed) {
    // Standard error: the answers may be read by a program.
    std::cerr << path << " is no UTF-8 and is read as Windows-1252: where accents stand wrong then, save it as UTF-8\n";
  }
  return absl::OkStatus();
}

// What all files of a command have in common; each gets its session and its words.
absl::StatusOr<v1::ImportTranscriptRequest> ReadOptions(const TranscriptFilesOptions& options, bool store) {
  v1::ImportTranscriptRequest request;
  request.set_validate_only(!store);
  request.set_allow_duplicate(options.allow_duplicate);
  v1::TranscriptSource& source = *request.mutable_source();
  if (!options.asker.empty()) {
    ASSIGN_OR_RETURN(const v1::SpeakerRole asker, RoleFromName("--asker", options.asker));
    source.set_asker(asker);
  }
  for (const std::string& entry : options.roles) {
    const std::vector<std::string> parts = absl::StrSplit(entry, absl::MaxSplits('=', 1));
    if (parts.size() != 2 || parts[0].empty()) return InvalidField("--role", entry, "must be LABEL=ROLE");
    v1::SpeakerMapping& mapping = *source.add_speakers();
    mapping.set_label(parts[0]);
    ASSIGN_OR_RETURN(const v1::SpeakerRole role, RoleFromName("--role", parts[1]));
    mapping.set_role(role);
  }
  source.mutable_pseudonyms()->set_family(options.family);
  if (!options.names.empty()) RETURN_IF_ERROR(ReadNames(options.names, *source.mutable_pseudonyms()));
  return request;
}

std::string Replaced(const v1::PseudonymSummary& summary) {
  std::map<std::string, int> kinds;
  for (const v1::PseudonymCount& count : summary.counts()) {
    kinds[Plain(v1::PseudonymKind_Name(count.kind()), "PSEUDONYM_KIND_")] += count.mentions();
  }
  if (kinds.empty()) return "nothing that the rules or the list of names know";
  std::vector<std::string> parts;
  parts.reserve(kinds.size());
  for (const auto& [kind, mentions] : kinds) parts.push_back(absl::StrCat(kind, " ", mentions));
  return absl::StrCat(absl::StrJoin(parts, ", "), " (mentions)");
}

void Print(const std::string& file, const v1::ImportTranscriptResponse& answer, bool store) {
  const v1::ValidationReport& report = answer.report();
  std::cout << file
            << (store                 ? absl::StrCat(" is imported as ", answer.transcript().name())
                : report.importable() ? std::string(" can be imported")
                                      : std::string(" cannot be imported"))
            << ": " << Plain(v1::TranscriptFormat_Name(report.format()), "TRANSCRIPT_FORMAT_") << ", "
            << report.encoding() << ", " << report.turn_count() << " turns, " << report.word_count() << " words, "
            << report.question_count() << " questions by the asker (" << RoleText(report.asker()) << ")\n";
  TextTable speakers({"speaker", "role", "turns", "words"});
  for (const v1::SpeakerSummary& speaker : report.speakers()) {
    speakers.Add({speaker.label().empty() ? "(not named)" : speaker.label(), RoleText(speaker.role()),
                  absl::StrCat(speaker.turn_count()), absl::StrCat(speaker.word_count())});
  }
  std::cout << speakers.ToString();
  if (answer.transcript().has_pseudonyms()) {
    std::cout << "  replaced: " << Replaced(answer.transcript().pseudonyms()) << "\n";
  }
  if (report.session_taken()) std::cout << "  ! the session has a transcript already\n";
  if (!report.duplicate_of().empty()) std::cout << "  ! " << report.duplicate_of() << " has the same words\n";
  for (const v1::ImportError& error : report.errors()) {
    std::cout << "  ! " << error.field() << ": " << error.description() << "\n";
  }
  for (const v1::ImportWarning& warning : report.warnings()) {
    std::cout << "  - " << (warning.line() > 0 ? absl::StrCat("line ", warning.line(), ": ") : "") << warning.message()
              << "\n";
  }
}

// A session that is named after its file has nothing of its own to mend: the way out is another name.
absl::Status WithWayOut(const absl::Status& status, bool named_after_file) {
  const ErrorDetail detail = GetErrorDetail(status).value_or(ErrorDetail{});
  const bool bad_session = std::any_of(detail.violations.begin(), detail.violations.end(),
                                       [](const FieldViolation& v) { return v.field == "source.session"; });
  if (!named_after_file || !bad_session) return status;
  return MakeError(status.code(),
                   absl::StrCat(std::string(status.message()),
                                "; a session is named after its file: rename the file, or import it by itself with "
                                "--session ID"),
                   detail);
}

// Not where programs read: what they sent they know.
void PrintUnseen(const Session& session, const RoleLabels& labels) {
  if (session.json) return;
  for (const std::string& label : labels.Unseen()) std::cout << "  - no speaker is called \"" << label << "\"\n";
}

}  // namespace

int TranscriptFiles(const Session& session, const TranscriptFilesOptions& options, bool store) {
  if (!options.session.empty() && options.files.size() > 1) {
    return Finish(session, InvalidField("--session", options.session, "names one session, and there are more files"));
  }
  absl::StatusOr<v1::ImportTranscriptRequest> request = ReadOptions(options, store);
  if (!request.ok()) return Finish(session, request.status());
  const auto connection = Connection::Open(session.target);
  if (!connection.ok()) return Finish(session, connection.status());
  Api api((*connection)->channel(), session.call);
  std::vector<std::string> mapped;
  for (const v1::SpeakerMapping& mapping : request->source().speakers()) mapped.push_back(mapping.label());
  RoleLabels labels(mapped);
  int worst = 0;
  for (const std::string& file : options.files) {
    const auto answer = [&]() -> absl::StatusOr<v1::ImportTranscriptResponse> {
      v1::TranscriptSource& source = *request->mutable_source();
      source.set_session(options.session.empty() ? std::filesystem::path(file).stem().string() : options.session);
      ASSIGN_OR_RETURN(*source.mutable_content(), ReadFile(file));
      labels.See(source.content());
      return api.Call<v1::ImportTranscriptResponse>(kImport, *request);
    }();
    if (!answer.ok()) {
      if (!session.json) std::cerr << file << " is not imported:\n";
      worst = std::max(worst, Finish(session, WithWayOut(answer.status(), options.session.empty())));
      continue;
    }
    if (!store && !answer->report().importable()) worst = std::max(worst, 1);
    if (session.json) {
      std::cout << ToJson(*answer, false) << "\n";
    } else {
      Print(file, *answer, store);
    }
  }
  PrintUnseen(session, labels);
  return worst;
}

}  // namespace plumbline::cli
